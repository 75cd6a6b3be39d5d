/** The errors of everything that is not the CRM's: `{"error":{"code","message"}}`. */
import type { Answers, Body } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import type { Properties, Schema } from "./schema.ts";
import { shape, text, word } from "./schema.ts";

/** With what they say. */
const codes = {
  method_not_allowed: "The path does not take the method.",
  not_found: "There is nothing at the path.",
  unauthorized: "There is no admin token, or an unknown one.",
  internal: "A fault of the server.",
  overloaded: "The server cannot take more work now.",
  invalid_parameter: "A parameter, named by param, makes no sense.",
  invalid_body: "The body is not what it is to be.",
  body_too_large: "The form is too large.",
  body_coded: "The form is coded.",
  already_shown: "The channel's secret has been shown.",
  channel_disabled: "A disabled channel cannot be paused.",
  channel_unheard: "The channel is paused, disabled, expired or gone.",
  still_open: "The delivery is still owed.",
  already_settled: "The delivery is settled.",
  too_many_replays: "As many replays are under way as may be.",
  channel_never_expires: "A lifecycle channel has no expiry to renew.",
  target_refused: "The target guard does not let the address pass.",
  clock_not_virtual: "The server keeps real time.",
  clock_backwards: "The clock goes forwards only.",
  clock_too_far: "The clock goes no further.",
  clock_moving: "The clock is being moved.",
  clock_unsettled: "The clock stands short of where it was to be; the same request goes on.",
  foreign_origin: "A page of another site sent the request.",
  csrf_failed: "The header X-Watchpost-CSRF is missing or wrong, under the console's cookie.",
  too_many_attempts: "There were too many sign-ins that failed.",
  too_many_streams: "Too many look on already.",
  no_inbox: "Only dev has an inbox.",
  headers_too_large: "The request's headers are too large.",
  request_timeout: "The request took too long to arrive.",
  bad_request: "The bytes are no HTTP request.",
} as const satisfies Record<string, string>;
export type OwnErrorCode = keyof typeof codes;

export const ownErrorSchemas: Properties = {
  OwnError: shape({ error: shape({ code: word(...Object.keys(codes)), message: text(), param: text() }, ["param"]) }),
};

/** The answer that is one of these errors. */
export function ownErrors(...of: readonly OwnErrorCode[]): Answers[number] {
  return jsonAnswer(of.map((code) => codes[code]).join(" "), errorSchema(of));
}

function errorSchema(of: readonly OwnErrorCode[]): Schema {
  return shape({ error: shape({ code: word(...of), message: text(), param: text() }, ["param"]) });
}

/** Under the console's cookie. */
export const csrfAnswers: Answers = { 403: ownErrors("foreign_origin", "csrf_failed") };

/** What every path that is not the CRM's may answer, unless it says otherwise itself. */
export function commonOwnAnswers(surface: "open" | "admin"): Answers {
  const faults: Answers = { 500: ownErrors("internal"), 503: ownErrors("overloaded") };
  return surface === "admin" ? { 401: ownErrors("unauthorized"), ...csrfAnswers, ...faults } : faults;
}

/** Statuses of a form that cannot be read. */
export const formAnswers: Answers = { 413: ownErrors("body_too_large"), 415: ownErrors("body_coded") };

/** A form, in the two ways of HTML. */
export function formBody(schema: Schema, isRequired: boolean): Body {
  return { schema, mediaTypes: ["application/x-www-form-urlencoded", "multipart/form-data"], isRequired };
}
