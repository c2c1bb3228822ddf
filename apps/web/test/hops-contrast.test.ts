import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const styles = new URL("../public/", import.meta.url);
const sheets = readdirSync(styles).filter((name) => name.endsWith(".css"));
const source = new Map(sheets.map((name) => [name, readFileSync(new URL(name, styles), "utf8")]));

/** WCAG 2.2, 1.4.3: text. */
const TEXT_RATIO = 4.5;
/** WCAG 2.2, 1.4.11: outlines and drawings that carry meaning. */
const DRAWING_RATIO = 3;

const SURFACES = ["ground", "panel"];
const STATES = ["sealed", "open", "unseen"];

const textPairs = [
  ...SURFACES.flatMap((surface) => ["ink", "ink-soft", "link", ...STATES].map((text) => [text, surface])),
  ...STATES.flatMap((state) => [state, "ink", "ink-soft"].map((text) => [text, `${state}-tint`])),
  ["on-action", "action"],
  ["on-danger", "danger"],
] as [string, string][];

const drawingPairs = [
  ...SURFACES.flatMap((surface) => ["focus", "line-strong", ...STATES].map((drawing) => [drawing, surface])),
] as [string, string][];

const themes = readThemes(source.get("style.css") ?? "");

for (const [theme, colours] of Object.entries(themes)) {
  test(`text is readable in the ${theme} theme (WCAG AA)`, () => {
    assert.deepEqual(tooWeak(colours, textPairs, TEXT_RATIO), []);
  });

  test(`locks, pipes, outlines and focus rings are visible in the ${theme} theme (WCAG AA)`, () => {
    assert.deepEqual(tooWeak(colours, drawingPairs, DRAWING_RATIO), []);
  });
}

test("every colour is one of the measured ones", () => {
  for (const [name, css] of source) {
    const elsewhere = css.replace(/:root\s*\{[^}]*\}/, "");
    assert.deepEqual(elsewhere.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(/gi) ?? [], [], name);
  }
  const used = new Set(
    [...source.values()].flatMap((css) => [...css.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name)),
  );
  const known = Object.keys(themes.light);
  assert.ok(known.length >= 15);
  assert.deepEqual(
    known.filter((name) => !used.has(name)),
    [],
    "colours that nothing uses",
  );
});

test("motion is only for those who did not ask for less", () => {
  for (const css of source.values()) {
    const calm = css.replace(/@media \(prefers-reduced-motion: no-preference\) \{[\s\S]*?\n\}/g, "");
    assert.doesNotMatch(calm, /\b(transition|animation|scroll-behavior)\b/);
  }
});

type Colours = Record<string, string>;

function readThemes(css: string): { light: Colours; dark: Colours } {
  const themes: { light: Colours; dark: Colours } = { light: {}, dark: {} };
  for (const [, name = "", light = "", dark = ""] of css.matchAll(
    /--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g,
  )) {
    themes.light[name] = light;
    themes.dark[name] = dark;
  }
  return themes;
}

function tooWeak(colours: Colours, pairs: [string, string][], least: number): string[] {
  return pairs
    .map(([front, back]) => ({ front, back, ratio: contrast(colour(colours, front), colour(colours, back)) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ front, back, ratio }) => `${front} on ${back}: ${ratio.toFixed(2)}`);
}

function colour(colours: Colours, name: string): string {
  const value = colours[name];
  assert.ok(value, `style.css has no colour --${name}`);
  return value;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
