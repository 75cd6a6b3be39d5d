/** A JSON Schema of the OpenAPI document as nested lists: what kind it is, and its keys with what is known of them. */
import type { Json } from "../wire/json.ts";
import { type Html, html } from "./html.ts";
import { type JsonNode, listOf, nodeOf } from "./json-node.ts";

export function schemaHtml(schema: Json): Html {
  const node = nodeOf(schema);
  const properties = Object.entries(nodeOf(node["properties"]));
  const required = listOf(node["required"]);
  const keys = properties.map(
    ([key, property]) =>
      html`<li>
        <p><code>${key}</code>${required.includes(key) ? "" : html` <span class="dim">(may be absent)</span>`}</p>
        ${schemaHtml(property)}
      </li> `,
  );
  const choices = [...listOf(node["anyOf"]), ...listOf(node["oneOf"])].map((choice) => html`<li>${schemaHtml(choice)}</li> `);
  const items = node["items"];
  return html`<div>
    ${kindOf(node)} ${noteOf(node)} ${items === undefined ? "" : schemaHtml(items)}
    ${
      choices.length === 0
        ? ""
        : html`<ul class="keys">
            ${choices}
          </ul>`
    }
    ${
      keys.length === 0
        ? ""
        : html`<ul class="keys">
            ${keys}
          </ul>`
    }
  </div>`;
}

function kindOf(node: JsonNode): Html {
  const { $ref, const: constant, enum: words, type } = node;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (constant !== undefined) return html`<code>${JSON.stringify(constant)}</code>`;
  if (Array.isArray(words)) return html`one of <code>${words.map((word) => JSON.stringify(word)).join(", ")}</code>`;
  if (node["anyOf"] !== undefined || node["oneOf"] !== undefined) return html`one of these:`;
  if (type === "array") return html`a list of`;
  const types = Array.isArray(type) ? type.map(String).join(" or ") : typeof type === "string" ? type : "anything";
  return html`<span class="dim">${types}${boundsOf(node)}</span>`;
}

const boundWords: Readonly<Record<string, string>> = {
  format: "",
  pattern: "of the form ",
  minimum: "from ",
  maximum: "up to ",
  maxLength: "at most this long: ",
  minItems: "at least ",
  maxItems: "at most ",
  default: "by default ",
};

function boundsOf(node: JsonNode): string {
  const bounds = Object.entries(boundWords).flatMap(([key, word]) => {
    const value = node[key];
    return value === undefined ? [] : [`${word}${typeof value === "object" ? JSON.stringify(value) : String(value)}`];
  });
  return bounds.length === 0 ? "" : ` (${bounds.join(", ")})`;
}

function noteOf(node: JsonNode): string {
  const versions = listOf(node["x-versions"]).map(String);
  const spoken = versions.length === 0 ? "" : ` In ${versions.join(", ")}.`;
  return `${typeof node["description"] === "string" ? node["description"] : ""}${spoken}`;
}
