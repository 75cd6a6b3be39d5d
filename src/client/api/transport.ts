/** One request and its answer as JSON: bounded in time and size, and made again when the server asks for a short wait. */
import type { Clock } from "../../core/clock.ts";
import { readRetryAfter } from "../../wire/retry-after.ts";
import { parseJson } from "../json-text.ts";
import { kitLimits } from "../limits.ts";
import { readBytes } from "../read-bytes.ts";
import { type Fetch, realClock, realFetch } from "../system.ts";
import { ApiError } from "./api-error.ts";

export type TransportOptions = {
  /** Sends the requests; the runtime's own unless said. */
  readonly fetch?: Fetch;
  /** How long one request may take, in ms of real time; 30,000. */
  readonly timeoutMs?: number;
  /** How often a request is made again when an answer of 429 or 503 says when; 2. A wait of more than a minute is not waited for. */
  readonly retriesMax?: number;
  /** The real time unless said. */
  readonly clock?: Clock;
};

export type Call = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
};

export type Answer = {
  readonly status: number;
  /** undefined when there is none, as with 204. */
  readonly body: unknown;
  readonly retryAfterMs: number | null;
};

export type Transport = {
  readonly clock: Clock;
  /** Any answer with JSON or without a body, whatever its status. Throws an ApiError when there is none, and the signal's reason when aborted. */
  readonly send: (call: Call) => Promise<Answer>;
  /** The answer while its body is still coming, without a limit on time. */
  readonly open: (call: Call) => Promise<Response>;
};

export function createTransport(options: TransportOptions): Transport {
  const { fetch = realFetch, timeoutMs = kitLimits.requestTimeoutMs, retriesMax = kitLimits.retriesMax, clock = realClock } = options;
  const send = async (call: Call): Promise<Answer> => {
    const signal = call.signal ?? new AbortController().signal;
    for (let retries = 0; ; retries += 1) {
      const answer = await sendOnce(fetch, { ...call, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) }, clock);
      const waitMs = answer.retryAfterMs;
      if (waitMs === null || retries >= retriesMax || waitMs > kitLimits.retryAfterMsMax) return answer;
      await clock.sleepUntil(clock.now() + waitMs, signal);
    }
  };
  return { clock, send, open: (call) => fetchOnce(fetch, call) };
}

async function sendOnce(fetch: Fetch, call: Call, clock: Clock): Promise<Answer> {
  const response = await fetchOnce(fetch, call);
  const { status } = response;
  const text = await readText(response, call);
  const isAsking = status === 429 || status === 503;
  const retryAfterMs = isAsking ? readRetryAfter(response.headers.get("retry-after") ?? undefined, clock.now()) : null;
  return { status, retryAfterMs, body: text === "" ? undefined : readJson(text, { call, status, retryAfterMs }) };
}

async function fetchOnce(outgoing: Fetch, { method, url, headers = {}, body, signal }: Call): Promise<Response> {
  const init: RequestInit = { method, headers: { Accept: "application/json", ...headers }, redirect: "manual" };
  try {
    return await outgoing(url, { ...init, ...(body === undefined ? {} : { body }), ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    throw noAnswer(cause, { method, url, ...(signal === undefined ? {} : { signal }) });
  }
}

async function readText(response: Response, call: Call): Promise<string> {
  let bytes: Uint8Array | null;
  try {
    bytes = await readBytes(response.body, kitLimits.answerBytesMax);
  } catch (cause) {
    throw noAnswer(cause, call);
  }
  if (bytes === null) throw unreadable(call, { status: response.status, why: "is too long" });
  return new TextDecoder().decode(bytes);
}

/** A proxy in between may answer in HTML. A redirection is not followed: the token is for this server alone. */
function readJson(text: string, { call, status, retryAfterMs }: { call: Call; status: number; retryAfterMs: number | null }): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    // Expected: the text is no JSON.
    throw unreadable(call, { status, why: "is no JSON", retryAfterMs, cause });
  }
}

function unreadable(call: Call, of: { status: number; why: string; retryAfterMs?: number | null; cause?: unknown }): ApiError {
  return new ApiError({ ...of, code: "answer_unreadable", message: `${placeOf(call)}: the answer, with status ${of.status}, ${of.why}` });
}

function noAnswer(cause: unknown, call: Call): unknown {
  const isTimeout = cause instanceof DOMException && cause.name === "TimeoutError";
  if (call.signal?.aborted === true && !isTimeout) return call.signal.reason;
  const code = isTimeout ? "timed_out" : "no_answer";
  return new ApiError({ code, message: `${placeOf(call)}: ${isTimeout ? "no answer in time" : "no answer"}`, status: null, cause });
}

/** The call without its query, which may hold what is not for a log. */
export function placeOf({ method, url }: Pick<Call, "method" | "url">): string {
  return `${method} ${url.split("?", 1)[0]}`;
}
