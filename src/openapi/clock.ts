/** The virtual clock of `dev`. */
import { limits } from "../core/limits.ts";
import type { Answers, Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import type { Properties } from "./schema.ts";
import { flag, given, integer, list, ref, shape, text, time } from "./schema.ts";

export const clockSchemas: Properties = {
  Clock: shape({ now: time, offset_ms: integer, is_virtual: flag, next_due: list(time, { max: limits.clockDueShownMax }) }),
};

const realTime: Answers = { 403: ownErrors("clock_not_virtual", "foreign_origin", "csrf_failed") };

export const clockDescriptions = {
  "/api/v1/clock": {
    GET: { id: "showClock", tag: "Admin", summary: "The virtual clock", answers: { 200: jsonAnswer("It.", ref("Clock")), ...realTime } },
    POST: {
      id: "moveClock",
      tag: "Admin",
      summary: "Moves the virtual clock, with all that falls due on the way",
      body: jsonBody({ ...given({ advance: text(), now: { type: ["string", "integer"] } }), minProperties: 1, maxProperties: 1 }),
      answers: {
        200: jsonAnswer("Where it stands.", ref("Clock")),
        400: ownErrors("invalid_body", "invalid_parameter", "clock_too_far"),
        ...realTime,
        409: ownErrors("clock_backwards", "clock_moving"),
        503: ownErrors("clock_unsettled", "overloaded"),
      },
    },
  },
} satisfies Descriptions;
