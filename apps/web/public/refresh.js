/**
 * Keeps the hops page current: fetches the page itself again and replaces only what changed. The page is whole without
 * this script.
 */

const INTERVAL_MS = 4_000;
const LONGEST_INTERVAL_MS = 30_000;

const toggle = document.querySelector("#refresh-toggle");
const note = document.querySelector("#refresh-note");

let isPaused = false;
let isFetching = false;
let failures = 0;
let timer;

function schedule() {
  clearTimeout(timer);
  if (isPaused || document.hidden || !navigator.onLine) return;
  timer = setTimeout(refresh, Math.min(INTERVAL_MS * 2 ** failures, LONGEST_INTERVAL_MS));
}

async function refresh() {
  if (isFetching) return;
  isFetching = true;
  try {
    const response = await fetch(location.pathname, { cache: "no-store", headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
    failures = 0;
    say("");
  } catch {
    // The note is how this failure is handled: the page keeps what it saw last, and says when that was.
    failures += 1;
    sayLastSeen();
  } finally {
    isFetching = false;
    schedule();
  }
}

/** Replaces what differs. A changed verdict is said aloud; changing numbers are not. */
function show(next) {
  const before = document.querySelector("[data-announce]").textContent;
  document.title = next.title;
  morph(document.querySelector("main"), next.querySelector("main"));
  const after = document.querySelector("[data-announce]").textContent;
  if (before !== after) document.querySelector("#announcement").textContent = `${document.title}. ${after}`;
}

function morph(current, next) {
  if (current.isEqualNode(next)) return;
  if (current.nodeName !== next.nodeName) {
    current.replaceWith(document.importNode(next, true));
  } else if (current.nodeType !== Node.ELEMENT_NODE) {
    current.data = next.data;
  } else if (!current.hasAttribute("data-keep")) {
    morphAttributes(current, next);
    morphChildren(current, next);
  }
}

function morphAttributes(current, next) {
  for (const { name } of [...current.attributes]) {
    if (!next.hasAttribute(name) && name !== "open") current.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

function morphChildren(current, next) {
  const old = [...current.childNodes];
  const fresh = [...next.childNodes];
  for (const [index, child] of fresh.entries()) {
    if (old[index] === undefined) current.append(document.importNode(child, true));
    else morph(old[index], child);
  }
  for (const child of old.slice(fresh.length)) child.remove();
}

function say(text) {
  if (note.textContent !== text) note.textContent = text;
  note.toggleAttribute("data-stale", text !== "");
}

function sayLastSeen() {
  const seen = document.querySelector("main time").textContent;
  say(`Not current: the app does not answer. Last seen ${seen}.`);
}

toggle.hidden = false;
toggle.addEventListener("click", () => {
  isPaused = !isPaused;
  toggle.textContent = isPaused ? "Resume updates" : "Pause updates";
  schedule();
  if (!isPaused) void refresh();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else if (!isPaused) void refresh();
});
addEventListener("offline", () => {
  clearTimeout(timer);
  sayLastSeen();
});
addEventListener("online", () => {
  if (!isPaused) void refresh();
});
schedule();
