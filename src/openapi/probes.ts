/** What anyone may ask: the probes, the index and this document. */
import type { Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { list, noted, shape, text, uri, word } from "./schema.ts";

const status = (...words: readonly string[]) => shape({ status: word(...words) });

const cause = shape({
  part: noted(word("delivery_loop", "writer", "disk"), "What stands still or fails."),
  since: noted(text(), "ISO 8601, real time."),
  detail: noted(text(), "For a person."),
});
const notReady = shape({ status: word("closing", "stuck"), causes: list(cause) }, ["causes"]);

export const probeDescriptions = {
  "/livez": {
    GET: { id: "showAlive", tag: "Probes", summary: "Whether the process answers", answers: { 200: jsonAnswer("It does.", status("ok")) } },
  },
  "/readyz": {
    GET: {
      id: "showReady",
      tag: "Probes",
      summary: "Whether the server takes work",
      about: "It answers by itself, also when the store gives no answer.",
      answers: { 200: jsonAnswer("It does.", status("ok")), 503: jsonAnswer("It stops, or a part of it is stuck.", notReady) },
    },
  },
  "/metrics": {
    GET: {
      id: "showMetrics",
      tag: "Probes",
      summary: "Metrics, in Prometheus' text form",
      about: "Open to anyone, unless the server was started with --metrics-access admin.",
      answers: {
        200: { about: "They.", contents: [{ mediaType: "text/plain", schema: text() }] },
        401: ownErrors("unauthorized"),
      },
    },
  },
  "/openapi.json": {
    GET: {
      id: "showApiDocument",
      tag: "Probes",
      summary: "This document",
      parameters: [{ name: "If-None-Match", in: "header", schema: text(), about: "The ETag of the document that the caller has." }],
      answers: {
        200: jsonAnswer("The document.", { type: "object" }),
        304: { about: "The caller has it." },
      },
    },
  },
  "/": {
    GET: {
      id: "showIndex",
      tag: "Probes",
      summary: "Name, version and addresses",
      answers: {
        200: jsonAnswer(
          "They.",
          shape({
            name: text(),
            version: text(),
            crm: text(),
            token: uri,
            admin: uri,
            openapi: uri,
            docs: uri,
            console: uri,
            health: list(uri),
            metrics: uri,
          }),
        ),
        302: {
          about: "To the console, for who accepts text/html.",
          contents: [{ mediaType: "text/html", schema: text() }],
          headers: { Location: "/console/" },
        },
      },
    },
  },
} satisfies Descriptions;
