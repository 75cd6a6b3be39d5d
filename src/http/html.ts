/** HTML that is written out on the server: what is put into a template is escaped, unless it is HTML of ours. */
import { createHash } from "node:crypto";
import type { Answer } from "./answer.ts";

export type Html = { readonly markup: string };

const replacements: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Makes HTML of a template literal. Texts between tags and in quoted attributes are safe whatever they hold. */
export function html(pieces: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const parts = pieces.map((piece, index) => piece + (index < values.length ? markupOf(values[index] ?? "") : ""));
  return { markup: parts.join("") };
}

function markupOf(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return value.replace(/[&<>"']/g, (character) => replacements[character] ?? "");
  if ("markup" in value) return value.markup;
  return value.map(({ markup }) => markup).join("");
}

export type Page = {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  /** Where forms of the page may lead, as sources of a content security policy. */
  readonly formTargets: readonly string[];
};

/** The page as an answer: no scripts, no frames around it, nothing from elsewhere, and nobody keeps it. */
export function pageAnswer({ status, title, body, formTargets }: Page, moreHeaders: readonly string[] = []): Answer {
  const formAction = formTargets.length === 0 ? "'none'" : formTargets.join(" ");
  const policy = `default-src 'none'; style-src '${styleHash}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`;
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <p class="brand">Watchpost</p>
          ${body}
        </main>
      </body>
    </html> `;
  const headers = ["Content-Type", "text/html;charset=UTF-8", "Content-Security-Policy", policy, ...pageHeaders, ...moreHeaders];
  return { status, headers, text: markup };
}

/** The browser goes on to another address, which is told nothing of the page it came from. */
export function redirectAnswer(location: string): Answer {
  return { status: 302, headers: ["Location", location, ...pageHeaders], text: "" };
}

/** With a stricter policy than `same-origin` browsers would call our own forms' origin `null`. */
const pageHeaders: readonly string[] = [
  "Cache-Control",
  "no-store",
  "X-Content-Type-Options",
  "nosniff",
  "X-Frame-Options",
  "DENY",
  "Referrer-Policy",
  "same-origin",
  "Vary",
  "accept-encoding",
];

const style = `
:root { color-scheme: light dark; --page: #eef1f5; --card: #fff; --text: #1a2230; --dim: #566072; --line: #ccd3dd; --accent: #1f55c9;
  --on-accent: #fff; --bad: #b3261e; --bad-page: #fdecea; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1319; --card: #1a202a; --text: #e7ebf1; --dim: #9aa5b5; --line: #3a4454; --accent: #8ab0ff; --on-accent: #0c1730;
    --bad: #ffb4ab; --bad-page: #3a1a18; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  overflow-wrap: anywhere; }
.brand { margin: 0 0 1.25rem; color: var(--accent); font-weight: 700; letter-spacing: .02em; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
.dim { color: var(--dim); font-size: .875rem; }
label { display: block; margin: 0 0 .25rem; font-weight: 600; }
input { width: 100%; margin: 0 0 1rem; padding: .625rem .75rem; color: inherit; background: var(--page); border: 1px solid var(--line);
  border-radius: .5rem; font: inherit; }
button { width: 100%; margin: 0 0 .75rem; padding: .625rem .75rem; color: var(--on-accent); background: var(--accent);
  border: 1px solid var(--accent); border-radius: .5rem; font: inherit; font-weight: 600; cursor: pointer; }
button.plain { color: var(--text); background: transparent; border-color: var(--line); }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=alert] { padding: .625rem .75rem; color: var(--bad); background: var(--bad-page); border-radius: .5rem; }
ul { margin: 0 0 1rem; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
code { display: block; color: var(--dim); font: .8125rem ui-monospace, monospace; }
`;

const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`;
/** Not by the template, which would escape the style's own characters. */
const styleElement: Html = { markup: `<style>${style}</style>` };
