/** The web console with its session, the page of this document, and the inbox of `dev`. */
import { limits } from "../core/limits.ts";
import { badParameter } from "./admin-parts.ts";
import type { Answers, Descriptions, Parameter } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { csrfAnswers, ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { anything, count, flag, given, integer, list, orNull, ref, shape, text, time, uri, word } from "./schema.ts";

export const consoleSchemas: Properties = {
  ConsoleSession: shape({ signed_in: flag, csrf: orNull(text()), version: text(), is_dev: flag, org_count: orNull(count()) }),
  InboxMessage: shape({
    id: integer,
    received_at: time,
    method: text(),
    path: text(),
    headers: { type: "object", additionalProperties: text() },
    body: text(),
    checks: shape({
      signature: word("ok", "wrong", "absent", "unknown_channel"),
      token: word("ok", "wrong", "absent"),
      id_seen_before: flag,
    }),
  }),
};

const page = { mediaType: "text/html", schema: text() };
const noInbox: Answers = { 403: ownErrors("no_inbox", "foreign_origin", "csrf_failed") };
const ifNoneMatch: Parameter = { name: "If-None-Match", in: "header", schema: text(), about: "The ETag of what the caller has." };

export const consoleDescriptions = {
  "/docs": {
    GET: {
      id: "showDocs",
      tag: "Probes",
      summary: "This document, for people",
      parameters: [ifNoneMatch],
      answers: { 200: { about: "The page.", contents: [page] }, 304: { about: "The caller has it." } },
    },
  },
  "/console": {
    GET: {
      id: "openConsole",
      tag: "Console",
      summary: "Leads to the console",
      answers: {
        302: { about: "To /console/.", contents: [page], headers: { Location: "/console/" } },
      },
    },
  },
  "/console/*": {
    GET: {
      id: "showConsole",
      tag: "Console",
      summary: "The web console: its files, and its page under every other path",
      parameters: [ifNoneMatch],
      answers: {
        200: { about: "The page or the file.", contents: [page, { mediaType: "*/*", schema: anything }] },
        304: { about: "The caller has it." },
        404: {
          about: "There is no such file, or the console was not built.",
          contents: [page, ...(ownErrors("not_found").contents ?? [])],
        },
      },
    },
  },
  "/console/session": {
    GET: {
      id: "showSession",
      tag: "Console",
      summary: "Whether the browser is signed in",
      answers: { 200: jsonAnswer("The session; csrf goes into X-Watchpost-CSRF.", ref("ConsoleSession")) },
    },
    POST: {
      id: "signInToConsole",
      tag: "Console",
      summary: "Signs in to the console with an admin token",
      body: jsonBody(given({ token: text(limits.adminTokenCharsMax) }, ["token"])),
      answers: {
        204: { about: "The cookie watchpost_session.", headers: { "Set-Cookie": "HttpOnly; SameSite=Strict" } },
        400: ownErrors("invalid_body"),
        401: ownErrors("unauthorized"),
        403: ownErrors("foreign_origin"),
        429: ownErrors("too_many_attempts"),
      },
    },
    DELETE: {
      id: "signOutOfConsole",
      tag: "Console",
      summary: "Signs out of the console",
      answers: {
        204: { about: "There is no session any more.", headers: { "Set-Cookie": "Ends the cookie." } },
        ...csrfAnswers,
      },
    },
  },
  "/inbox/*": {
    POST: {
      id: "receiveMessage",
      tag: "Console",
      summary: "The receiver of dev: keeps what comes",
      parameters: [
        query("status", { ...count({ min: 200, max: 599 }), default: 200 }, "What it is to answer."),
        query("delay", text(), "How long it is to wait before, such as 3s; at most 60s."),
      ],
      body: { schema: anything, mediaTypes: ["application/json"], isRequired: false },
      answers: {
        200: jsonAnswer("It was kept.", shape({ received: flag })),
        ...badParameter,
        404: ownErrors("not_found"),
        413: ownErrors("body_too_large"),
      },
    },
  },
  "/api/v1/inbox": {
    GET: {
      id: "showInbox",
      tag: "Admin",
      summary: "What the inbox of dev took",
      answers: {
        200: jsonAnswer(
          "The last messages, the newest first.",
          shape({ url: uri, messages: list(ref("InboxMessage"), { max: limits.inboxMessagesMax }) }),
        ),
        ...noInbox,
      },
    },
  },
  "/api/v1/inbox/clear": {
    POST: {
      id: "clearInbox",
      tag: "Admin",
      summary: "Empties the inbox of dev",
      answers: { 204: { about: "It is empty." }, ...noInbox },
    },
  },
} satisfies Descriptions;
