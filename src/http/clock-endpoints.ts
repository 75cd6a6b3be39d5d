/** `/api/v1/clock`: the virtual clock of `dev`, shown and moved. A server that keeps real time refuses both. */
import type { MoveRefusal, VirtualClock } from "../config/virtual-clock.ts";
import { readDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { instantOf } from "./admin-filter.ts";
import type { Answer } from "./answer.ts";
import { ownAnswer, ownError } from "./answer.ts";
import { readBody } from "./body.ts";
import type { OwnCall } from "./own-surface.ts";

/** What a body asks for: on by so many ms, or on to an instant. */
type Move = { readonly kind: "advance"; readonly ms: number } | { readonly kind: "set"; readonly atMs: number };

/** `GET /api/v1/clock`: the instant, how far ahead of real time it is, and the next instants for which something waits. */
export async function showClock({ virtualClock }: OwnCall): Promise<Answer> {
  return Promise.resolve(virtualClock === null ? notVirtual() : ownAnswer(200, clockJson(virtualClock)));
}

/**
 * `POST /api/v1/clock` with `{"advance":"7d"}` or `{"now":"2026-12-01T00:00:00Z"}`: answers as GET when all that fell due on the
 * way has been done, and the clock stands where it was to be.
 */
export async function moveClock({ virtualClock, raw }: OwnCall): Promise<Answer> {
  if (virtualClock === null) return notVirtual();
  const body = await readBody(raw, limits.clockBodyBytesMax);
  const move = body.ok ? readMove(body.value.toString("utf8")) : refuse(wrongBody());
  if (!move.ok) return move.error;
  const { value } = move;
  const moved = await (value.kind === "advance" ? virtualClock.advance(value.ms) : virtualClock.setTo(value.atMs));
  return moved.ok ? ownAnswer(200, clockJson(virtualClock)) : refused(moved.error, virtualClock);
}

function clockJson(clock: VirtualClock) {
  return {
    now: iso(clock.now()),
    offset_ms: clock.offsetMs,
    is_virtual: true,
    next_due: clock.nextDue(limits.clockDueShownMax).map(iso),
  };
}

function readMove(text: string): Result<Move, Answer> {
  const body = parseObject(text);
  if (body === null || Object.keys(body).length !== 1) return refuse(wrongBody());
  const { advance, now } = body;
  if (advance !== undefined) {
    const ms = typeof advance === "string" ? readDuration(advance) : null;
    if (ms === null) return refuse(wrongValue("advance", "a length of time such as 7d, 1h30m, 250ms or P7D"));
    return ok({ kind: "advance", ms });
  }
  if (now === undefined) return refuse(wrongBody());
  const atMs = typeof now === "string" || typeof now === "number" ? instantOf(String(now)) : null;
  if (atMs === null) return refuse(wrongValue("now", "a date-time with an offset, such as 2026-12-01T00:00:00Z"));
  return ok({ kind: "set", atMs });
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : null;
  } catch {
    // Expected: no JSON.
    return null;
  }
}

function refused(refusal: MoveRefusal, clock: VirtualClock): Answer {
  const stands = `The clock stands at ${iso(clock.now())}`;
  switch (refusal) {
    case "backwards":
      return ownError(409, { code: "clock_backwards", message: `${stands} and goes forwards only.`, param: "now" });
    case "too_far": {
      const years = Math.floor(limits.clockAheadMsMax / (365 * 86_400_000));
      return ownError(400, { code: "clock_too_far", message: `${stands}; it goes no further than ${years} years ahead of real time.` });
    }
    case "moving":
      return ownError(409, { code: "clock_moving", message: "The clock is being moved. Ask again when that request has been answered." });
    case "unsettled":
      return ownError(503, {
        code: "clock_unsettled",
        message: `${stands}, short of where it was to be: there was work for longer than a move may take. Ask again to go on.`,
      });
  }
}

function notVirtual(): Answer {
  return ownError(403, {
    code: "clock_not_virtual",
    message: "This server keeps real time. Only watchpost dev has a clock that can be moved.",
  });
}

function wrongBody(): Answer {
  return ownError(400, { code: "invalid_body", message: 'The body is to be {"advance": a length of time} or {"now": an instant}.' });
}

function wrongValue(param: "advance" | "now", expected: string): Answer {
  return ownError(400, { code: "invalid_parameter", message: `The value of ${param} is to be ${expected}.`, param });
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
