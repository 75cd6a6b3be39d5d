/** How all stands, and what goes on. */
import { limits } from "../core/limits.ts";
import { badParameter } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { choice } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { count, integer, list, noted, orNull, ref, shape, text, time, word } from "./schema.ts";

const milliseconds = { type: ["number", "null"] };

export const liveSchemas: Properties = {
  Stats: shape({
    now: time,
    health: shape({ status: word("ok", "degraded", "down"), sentence: text(), causes: list(text()) }),
    backlog: noted(
      shape({ waiting: count(), pending: count(), claimed: count(), dead: count() }),
      `Counted at most every ${limits.censusKeptMs / 1_000} seconds.`,
    ),
    oldest_pending_at: noted(orNull(time), "When the oldest delivery that is not settled was committed."),
    channels: noted(shape({ active: count(), paused: count(), disabled: count() }), "Those that have not expired."),
    expiring: noted(
      list(shape({ channel_key: integer, channel_id: text(), org: text(), expires_at: time }), { max: limits.expiringShownMax }),
      "Active channels that expire within 24 hours, the soonest first.",
    ),
    retention: noted(
      shape({ history_ms: count(), dead_ms: count(), disable_after_ms: count() }),
      "What --keep-history, --keep-dead and --disable-after say, in milliseconds.",
    ),
    series: noted(
      shape({
        step_seconds: count({ min: 1 }),
        points: list(
          shape({
            at: time,
            changes: count(),
            delivered: count(),
            failed: count(),
            p50_ms: milliseconds,
            p95_ms: milliseconds,
            p99_ms: milliseconds,
          }),
          { min: limits.statsPoints, max: limits.statsPoints },
        ),
      }),
      "Since the start of this process. The times are how long the POSTs that delivered took.",
    ),
  }),
};

const step = choice("step", ["10", "5", "60"], "The length of a step of the series, in seconds.");

export const liveDescriptions = {
  "/api/v1/stats": {
    GET: {
      id: "showStats",
      tag: "Admin",
      summary: "How all stands: health in a sentence, what waits, what was done",
      parameters: [step],
      answers: { 200: jsonAnswer("It.", ref("Stats")), ...badParameter },
    },
  },
  "/api/v1/stream": {
    GET: {
      id: "streamEvents",
      tag: "Admin",
      summary: "What goes on, as server-sent events",
      about:
        "`delivery`: an attempt was made, with id, channel_key, channel_id, module, operation, outcome, http_status, attempt, duration_ms and at. " +
        "`hint`: something was committed. `stats`: as GET /api/v1/stats, every 5 seconds. Of many events at once some are left out, and " +
        "Last-Event-ID is passed over: whoever missed something asks the lists. It ends after an hour.",
      parameters: [step],
      answers: {
        200: { about: "The stream.", contents: [{ mediaType: "text/event-stream", schema: text() }] },
        ...badParameter,
        503: ownErrors("too_many_streams", "overloaded"),
      },
    },
  },
} satisfies Descriptions;
