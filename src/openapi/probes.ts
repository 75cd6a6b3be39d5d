/** What anyone may ask: the probes, the index and this document. */
import type { Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { list, shape, text, uri, word } from "./schema.ts";

const status = (...words: readonly string[]) => shape({ status: word(...words) });

export const probeDescriptions = {
  "/livez": {
    GET: { id: "showAlive", tag: "Probes", summary: "Whether the process answers", answers: { 200: jsonAnswer("It does.", status("ok")) } },
  },
  "/readyz": {
    GET: {
      id: "showReady",
      tag: "Probes",
      summary: "Whether the server takes work",
      answers: { 200: jsonAnswer("It does.", status("ok")), 503: jsonAnswer("It does not.", status("closing", "unavailable")) },
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
