/** One attempt of one delivery: what is sent, and what its answer means (DESIGN ruling 9, PROTOCOL D). */
import type { AttemptEntry, Claim } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import { outcomeOfStatus } from "../core/delivery.ts";
import { callbackBody, callbackHeaders } from "../wire/callback.ts";
import { readRetryAfter } from "../wire/retry-after.ts";
import { RefusedTargetError } from "./connect.ts";
import type { Deadlines } from "./deadlines.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import type { OriginPools } from "./origin-pools.ts";
import type { Exchange } from "./post.ts";
import { NotHeldError, post } from "./post.ts";
import type { Signer } from "./signature.ts";
import { keptHeaders } from "./kept-headers.ts";
import type { Targets } from "./targets.ts";
import { transportFailure } from "./transport-error.ts";

export type AttemptContext = {
  readonly clock: Clock;
  readonly targets: Targets;
  readonly signer: Signer;
  readonly pools: OriginPools;
  readonly deadlines: Deadlines;
  readonly limits: DispatchLimits;
  /** Asked when the request is about to go out. */
  readonly mayBegin: () => boolean;
  /** The server's public origin, for `resource_uri`. */
  readonly baseUrl: string;
  readonly version: string;
};

/** The answers whose `Retry-After` counts. */
const mayAskToWait: readonly number[] = [429, 503];

/** `retryAfterMs`: how long the answer asked to be left alone; null when it did not. */
export type Attempted = { readonly entry: AttemptEntry; readonly retryAfterMs: number | null };

/** POSTs the claim's callback once. Rejects only for a bug; whatever the target does is an outcome, and `released` that nothing was sent. */
export async function attempt(claim: Claim, context: AttemptContext): Promise<Attempted> {
  const { clock, limits } = context;
  const startedAt = clock.now();
  const exchange = await send(claim, startedAt, context);
  const endedAt = clock.now();
  const times = { startedAt, durationMs: Math.max(0, endedAt - startedAt) };
  if (exchange.kind === "failed") {
    if (exchange.error instanceof NotHeldError) return notMade(times);
    const { outcome, text } = transportFailure(exchange.error, limits.errorCharsKeptMax);
    return { entry: { ...times, outcome, httpStatus: null, error: text, responseBody: null, responseHeaders: null }, retryAfterMs: null };
  }
  const { status, headers, excerpt } = exchange;
  const kept = { responseBody: excerpt, responseHeaders: JSON.stringify(keptHeaders(headers, limits.responseHeaderBytesKeptMax)) };
  const entry = { ...times, outcome: outcomeOfStatus(status), httpStatus: status, error: null, ...kept };
  return { entry, retryAfterMs: mayAskToWait.includes(status) ? readRetryAfter(headers["retry-after"], endedAt) : null };
}

function notMade(times: Pick<AttemptEntry, "startedAt" | "durationMs">): Attempted {
  const entry = { ...times, outcome: "released", httpStatus: null, error: null, responseBody: null, responseHeaders: null } as const;
  return { entry, retryAfterMs: null };
}

async function send(claim: Claim, now: number, context: AttemptContext): Promise<Exchange> {
  const { targets, signer, pools, deadlines, limits, mayBegin, baseUrl, version } = context;
  const { origin, path, isAllowed, queryText: query } = targets.of(claim.notifyUrl);
  if (!isAllowed) return { kind: "failed", error: new RefusedTargetError() };
  const body = Buffer.from(claim.body ?? callbackBody(claim, { serverTime: now, baseUrl, query }));
  const { notificationId, isReplay, isTest, secret, previousSecret } = claim;
  const headers = callbackHeaders({ notificationId, isReplay, isTest, version });
  Object.assign(headers, signer.headers({ id: headers["webhook-id"] ?? "", now, body, secret, previousSecret }));
  const taken = pools.take(origin);
  try {
    return await post(
      {
        send: (options, handler) => taken.pool.dispatch(options, handler),
        sendAfresh: (options, handler) => pools.dispatchAfresh(origin, options, handler),
        path,
        headers,
        body,
      },
      {
        deadlines,
        mayBegin,
        deadlineAt: now + limits.attemptTimeoutMs,
        responseBytesKeptMax: limits.responseBytesKeptMax,
      },
    );
  } finally {
    pools.giveBack(taken);
  }
}
