import { Html } from "./html.ts";

/** Style of the report: light and dark, for a phone and for paper, from nowhere but the page itself. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2024; --quiet: #5b6470; --line: #d5dae0;
  --sealed: #146c2e; --open: #b3261e; --unreached: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e8eaed; --quiet: #a3adb8; --line: #363c43;
  --sealed: #7bd993; --open: #ff9d94; --unreached: #f2c063; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .25rem; }
p { margin: .25rem 0 1rem; }
.quiet { color: var(--quiet); }
.state { font-weight: 600; }
.sealed, .ok { color: var(--sealed); } .open, .failed { color: var(--open); }
.unreached, .noted { color: var(--unreached); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 500; border-top: 0; }
tbody th { font-weight: 500; }
col.result { width: 7rem; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); font-size: .8rem; overflow-wrap: normal; }
@media (max-width: 44rem) {
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: 100%; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  tbody th, td { border: 0; padding: .1rem 0; } tbody th { font-weight: 600; }
  td::before { content: attr(data-label) ": "; color: var(--quiet); }
}
@media print { body { max-width: none; padding: 0; } details { display: none; } }
`);
