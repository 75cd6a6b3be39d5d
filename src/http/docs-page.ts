/**
 * `/docs`: the OpenAPI document as a page to read. It is written out on the server, once, and holds no script: it works without a network,
 * under a policy that lets nothing in, and a browser's own search finds what is folded away.
 */
import { createHash } from "node:crypto";
import type { Json } from "../wire/json.ts";
import { type Html, html } from "./html.ts";
import { type JsonNode, listOf, nodeOf, textOf } from "./json-node.ts";
import type { ApiDocument } from "./own-surface.ts";
import { schemaHtml } from "./schema-html.ts";

export type DocsPage = ApiDocument & { readonly policy: string };

/** The page of the document, made when it is first asked for. */
export function createDocsPage(apiDocument: () => Promise<ApiDocument>): () => Promise<DocsPage> {
  let made: Promise<DocsPage> | null = null;
  return () => (made ??= apiDocument().then(({ text }) => writePage(text)));
}

function writePage(documentText: string): DocsPage {
  const document = nodeOf(JSON.parse(documentText));
  const operations = operationsOf(document);
  const tags = listOf(document["tags"]).map(nodeOf);
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API · Watchpost</title>
        ${styleElement}
      </head>
      <body>
        <header>
          <h1>Watchpost API <small>${textOf(nodeOf(document["info"])["version"])}</small></h1>
          <p>${textOf(nodeOf(document["info"])["description"])}</p>
          <p><a href="/openapi.json">openapi.json</a> is the same for programs. <a href="/console/">To the console</a></p>
        </header>
        <nav aria-label="Parts">
          <ul>
            ${tags.map((tag) => html`<li><a href="#${anchorOf(textOf(tag["name"]))}">${textOf(tag["name"])}</a></li> `)}
            <li><a href="#schemas">Schemas</a></li>
          </ul>
        </nav>
        <main>
          ${tags.map((tag) => tagSection(tag, operations, document))}
          <section aria-labelledby="schemas">
            <h2 id="schemas">Schemas</h2>
            ${Object.entries(nodeOf(nodeOf(document["components"])["schemas"])).map(([name, schema]) => schemaEntry(name, schema))}
          </section>
        </main>
      </body>
    </html> `;
  const tag = `W/"${createHash("sha256").update(markup).digest("base64url").slice(0, 22)}"`;
  return { text: markup, tag, policy };
}

type Operation = { readonly method: string; readonly path: string; readonly shared: readonly Json[]; readonly node: JsonNode };

const methods = ["get", "post", "put", "patch", "delete"];

function operationsOf(document: JsonNode): readonly Operation[] {
  return Object.entries(nodeOf(document["paths"])).flatMap(([path, item]) =>
    Object.entries(nodeOf(item))
      .filter(([method]) => methods.includes(method))
      .map(([method, node]) => ({ method: method.toUpperCase(), path, shared: listOf(nodeOf(item)["parameters"]), node: nodeOf(node) })),
  );
}

function tagSection(tag: JsonNode, operations: readonly Operation[], document: JsonNode): Html {
  const name = textOf(tag["name"]);
  const own = operations.filter(({ node }) => listOf(node["tags"]).includes(name));
  if (own.length === 0) return html``;
  return html`<section aria-labelledby="${anchorOf(name)}">
    <h2 id="${anchorOf(name)}">${name}</h2>
    <p>${textOf(tag["description"])}</p>
    ${own.map((operation) => operationEntry(operation, document))}
  </section> `;
}

function operationEntry({ method, path, shared, node }: Operation, document: JsonNode): Html {
  const parameters = [...shared, ...listOf(node["parameters"])].map(nodeOf);
  const scopes = listOf(node["x-scopes"]).map((scope) => listOf(scope).map(textOf).join(" and "));
  const versions = listOf(node["x-versions"]).map(textOf);
  return html`<details id="${textOf(node["operationId"])}">
    <summary>
      <span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code> <span>${textOf(node["summary"])}</span>
    </summary>
    ${node["description"] === undefined ? "" : html`<p>${textOf(node["description"])}</p>`}
    ${versions.length === 0 ? "" : html`<p class="dim">Spoken by ${versions.join(", ")}.</p>`}
    ${scopes.length === 0 ? "" : html`<p class="dim">One of these scopes: ${scopes.join(", ")}.</p>`}
    ${parameters.length === 0 ? "" : parameterTable(parameters)} ${bodyPart(nodeOf(node["requestBody"]))}
    <h3>Answers</h3>
    ${Object.entries(nodeOf(node["responses"])).map(([status, response]) => answerEntry(status, resolved(response, document)))}
  </details> `;
}

function parameterTable(parameters: readonly JsonNode[]): Html {
  const rows = parameters.map(
    (parameter) =>
      html`<tr>
        <td><code>${textOf(parameter["name"])}</code>${parameter["required"] === true ? " (required)" : ""}</td>
        <td>${textOf(parameter["in"])}</td>
        <td>${textOf(parameter["description"])} ${schemaHtml(parameter["schema"] ?? {})}</td>
      </tr> `,
  );
  return html`<h3>Parameters</h3>
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">In</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`;
}

function bodyPart(body: JsonNode): Html {
  const contents = Object.entries(nodeOf(body["content"]));
  const [first] = contents;
  if (first === undefined) return html``;
  return html`<h3>Body${body["required"] === true ? "" : " (may be left out)"}</h3>
    <p class="dim">${contents.map(([mediaType]) => mediaType).join(" or ")}</p>
    ${schemaHtml(nodeOf(first[1])["schema"] ?? {})}`;
}

function answerEntry(status: string, response: JsonNode): Html {
  const contents = Object.entries(nodeOf(response["content"]));
  return html`<details class="answer">
    <summary><b>${status}</b> ${textOf(response["description"])}</summary>
    ${contents.length === 0 ? html`<p class="dim">Without a body.</p>` : ""}
    ${contents.map(
      ([mediaType, content]) =>
        html`<p class="dim">${mediaType}</p>
          ${schemaHtml(nodeOf(content)["schema"] ?? {})}`,
    )}
  </details> `;
}

function schemaEntry(name: string, schema: Json): Html {
  return html`<details id="schema-${name}">
    <summary><code>${name}</code></summary>
    ${schemaHtml(schema)}
  </details> `;
}

/** A response that stands among the components. */
function resolved(response: Json, document: JsonNode): JsonNode {
  const { $ref } = nodeOf(response);
  if (typeof $ref !== "string") return nodeOf(response);
  return nodeOf(nodeOf(nodeOf(document["components"])["responses"])[$ref.split("/").at(-1) ?? ""]);
}

function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, "-");
}

const style = `
:root { color-scheme: light dark; --page: #fff; --text: #1a2230; --dim: #566072; --line: #ccd3dd; --soft: #f4f6f9; --accent: #1f55c9; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1319; --text: #e7ebf1; --dim: #9aa5b5; --line: #3a4454; --soft: #1a202a; --accent: #8ab0ff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1 { margin: 1rem 0 .5rem; } h1 small { color: var(--dim); font-size: 1rem; font-weight: 400; }
h2 { margin: 2rem 0 .5rem; } h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; padding: 0; list-style: none; }
details { margin: .5rem 0; padding: 0 .75rem; border: 1px solid var(--line); border-radius: .5rem; }
details details { background: var(--soft); }
summary { padding: .5rem 0; cursor: pointer; }
summary > span:last-child, .dim { color: var(--dim); }
code { font: .875rem ui-monospace, monospace; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .375rem .5rem .375rem 0; text-align: start; vertical-align: top;
  border-bottom: 1px solid var(--line); } thead th { color: var(--dim); font-weight: 600; }
.keys { margin: 0; padding-inline-start: 1.25rem; } .keys p { margin: 0; }
`;

/** Not by the template, which would escape the style's own characters. */
const styleElement: Html = { markup: `<style>${style}</style>` };
const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`;
const policy = `default-src 'none'; style-src '${styleHash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`;
