import type { Check, CheckStatus } from "../check.ts";
import type { Evidence } from "../document.ts";
import type { HopVerdict, State } from "../verdict.ts";
import { type Html, html } from "./html.ts";
import { STYLE } from "./style.ts";

/** Tells a page of ours from any other file. */
export const GENERATOR = "sealed verify";

const STATES: Readonly<Record<State, string>> = { sealed: "Sealed", open: "Open", unreached: "Not seen" };
const RESULTS: Readonly<Record<CheckStatus, string>> = {
  ok: "as promised",
  noted: "noted",
  failed: "failed",
  unreached: "not seen",
};

/** Returns the evidence as one page: no scripts, and nothing from anywhere else. */
export function reportPage(evidence: Evidence): string {
  const { verdict, says, url, hops, reports } = evidence;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${GENERATOR}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${STATES[verdict]}: ${url}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1><span class="${verdict}">${STATES[verdict]}</span>: ${url}</h1>
<p>${capitalized(says)}.</p>
${about(evidence)}
${hops.map(section)}
${method()}
${reports.length === 0 ? html`` : raw(reports)}
</main>
</body>
</html>
`.text;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function about({ topology, origin, verifiedAt, from, versions }: Evidence): Html {
  const rows: [string, string][] = [
    ["Topology", topology ?? "not known"],
    ["Described by", DESCRIBED_BY[origin]],
    ["Verified at", `${verifiedAt.replace("T", " ").slice(0, 19)} UTC`],
    ["From", from.machine],
    ...(from.identity === null ? [] : [["Credentials with AWS", from.identity] satisfies [string, string]]),
    ["With", `sealed ${versions.sealed}, Node.js ${versions.node}, OpenSSL ${versions.openssl}`],
  ];
  return html`<dl>
${rows.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}
</dl>`;
}

const DESCRIBED_BY: Readonly<Record<Evidence["origin"], string>> = {
  sandbox: "the sandbox that runs on the machine",
  url: "the options of the command",
  deployment: "infra/sealed.config.ts and the stacks in AWS",
};

function section(hop: HopVerdict, index: number): Html {
  return html`<section>
<h2>Hop ${index + 1}: ${hop.from} to ${hop.to}, <span class="${hop.state}">${STATES[hop.state].toLowerCase()}</span></h2>
<p class="quiet">By design the certificate is checked by ${hop.checkedBy}.</p>
${hop.checks.length === 0 ? html`<p>Nothing was seen of this hop.</p>` : table(hop.checks)}
</section>`;
}

function table(checks: readonly Check[]): Html {
  return html`<table>
<colgroup><col><col><col><col class="result"></colgroup>
<thead><tr><th scope="col">Check</th><th scope="col">Seen</th><th scope="col">Expected</th><th scope="col">Result</th></tr></thead>
<tbody>
${checks.map(row)}
</tbody>
</table>`;
}

function row({ title, subject, seen, expected, status, mend }: Check): Html {
  const about = capitalized(subject === undefined ? title : `${title} (${subject})`);
  const what = mend === undefined ? html`` : html`<br><span class="quiet">To do: ${mend}</span>`;
  return html`<tr><th scope="row">${about}</th><td data-label="Seen">${seen}</td><td data-label="Expected">${expected}${what}</td><td data-label="Result" class="${status}">${RESULTS[status]}</td></tr>`;
}

function method(): Html {
  return html`<section>
<h2>How to read this</h2>
<p>Each line was looked at when the page was made, by connecting as a client would, by asking the app, and, for a
deployment, by asking AWS. <em>Noted</em> is not as one would wish, and known of this topology or this place.
<em>Not seen</em> claims nothing. The page is a record and carries no signature: keep it where it cannot be changed.</p>
</section>`;
}

function raw(reports: Evidence["reports"]): Html {
  return html`<section>
<h2>What each instance said of itself</h2>
${reports.map((report) => html`<details><summary>${report.instance}</summary><pre>${JSON.stringify(report, null, 2)}</pre></details>`)}
</section>`;
}
