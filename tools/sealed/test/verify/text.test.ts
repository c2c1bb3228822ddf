import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { answer, type Check, type CheckStatus, type HopId } from "../../src/verify/check.ts";
import { verdictLines } from "../../src/verify/text.ts";
import { exitCodeOf, judgePath } from "../../src/verify/verdict.ts";

const URL_OF_PATH = "https://app.example.com/";

function check(hop: HopId, status: CheckStatus): Check {
  return answer(
    { hop, id: "one", title: "what was looked at", subject: "app-1", expected: "good", mend: "mend it" },
    status,
    status === "ok" ? "good" : "bad",
  );
}

test("a hop with nothing wrong has one line for each check, and no advice", () => {
  const verdict = judgePath("alb-reencrypt", [
    check("client-lb", "ok"),
    check("lb-app", "ok"),
    check("app-db", "ok"),
  ]);

  const lines = verdictLines(verdict, URL_OF_PATH, false);

  assert.deepEqual(lines.slice(0, 4), [
    "",
    "hop 1  client to load balancer  sealed",
    "      by design the certificate is checked by the client",
    "  ok    what was looked at (app-1): good",
  ]);
  assert.equal(lines.at(-1), `sealed (alb-reencrypt): every hop is as the topology promises  ${URL_OF_PATH}`);
  assert.equal(exitCodeOf(verdict), 0);
});

test("what failed says what was expected and what to do, and the verdict names the hop", () => {
  const verdict = judgePath("nlb-passthrough", [
    check("client-lb", "ok"),
    check("lb-app", "ok"),
    check("app-db", "failed"),
    check("app-db", "noted"),
  ]);

  const lines = verdictLines(verdict, URL_OF_PATH, false);

  const at = lines.indexOf("  FAIL  what was looked at (app-1): bad");
  assert.deepEqual(lines.slice(at + 1, at + 4), [
    "        expected: good",
    "        do: mend it",
    "  note  what was looked at (app-1): bad",
  ]);
  assert.match(
    lines.at(-1) ?? "",
    /^OPEN \(nlb-passthrough\): not as promised: hop 3 \(app to database\), 1 note /,
  );
  assert.equal(exitCodeOf(verdict), 1);
});

test("a hop of which nothing was seen is not sealed, and what failed goes before what was not seen", () => {
  const unseen = judgePath("alb-reencrypt", [check("client-lb", "ok"), check("lb-app", "noted")]);
  const both = judgePath("alb-reencrypt", [check("client-lb", "unreached"), check("lb-app", "failed")]);

  assert.deepEqual(
    unseen.hops.map(({ state }) => state),
    ["sealed", "unreached", "unreached"],
  );
  assert.equal(exitCodeOf(unseen), 3);
  assert.equal(exitCodeOf(both), 1);
});

test("the lesson is open whatever was seen", () => {
  const verdict = judgePath("alb-terminate", [
    check("client-lb", "ok"),
    check("lb-app", "ok"),
    check("app-db", "ok"),
  ]);

  assert.equal(verdict.state, "open");
  assert.match(verdict.says, /hop 2/);
});

test("colour is for terminals only, and changes no word", () => {
  const verdict = judgePath("alb-reencrypt", [check("client-lb", "failed")]);

  const plain = verdictLines(verdict, URL_OF_PATH, false);
  const painted = verdictLines(verdict, URL_OF_PATH, true);

  assert.notDeepEqual(painted, plain);
  assert.deepEqual(painted.map(stripVTControlCharacters), plain);
});
