/** `/api/v1/stats` and `/api/v1/stream`: how all stands, asked for or told as it goes on. */
import { type Result, ok } from "../core/result.ts";
import { invalidParameter } from "./admin-params.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import type { OwnCall } from "./own-surface.ts";
import { type Query, readOneOf } from "./query.ts";
import { stepsSeconds } from "./stats.ts";

/** `GET /api/v1/stats`. */
export async function showStats({ operator, query }: OwnCall): Promise<Answer> {
  const stepMs = readStep(query);
  return stepMs.ok ? ownAnswer(200, await operator.stats(stepMs.value)) : invalidParameter(stepMs.error);
}

/** `GET /api/v1/stream`: server-sent events, until the client goes, the server closes, or an hour has passed. */
export async function streamEvents({ operator, query, sessionId }: OwnCall): Promise<Answer> {
  const stepMs = readStep(query);
  if (!stepMs.ok) return invalidParameter(stepMs.error);
  const { streams } = operator;
  if (streams.isFull) return Promise.resolve(ownError(503, { code: "too_many_streams", message: "Too many look on already." }));
  return {
    status: 200,
    headers: streamHeaders,
    text: null,
    stream: (response) => streams.add(response, { sessionId, stepMs: stepMs.value }),
  };
}

/** No proxy is to gather or code what is sent. */
const streamHeaders: readonly string[] = Object.entries({
  "Content-Type": "text/event-stream;charset=UTF-8",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  "X-Content-Type-Options": "nosniff",
}).flat();

function readStep(query: Query): Result<number> {
  const values = stepsSeconds.map(String);
  const step = readOneOf(query, "step", { values, fallback: String(stepsSeconds[0]) });
  return step.ok ? ok(Number(step.value) * 1_000) : step;
}
