/**
 * What the program says of itself: one helper an event, one wide line a unit of work. No event carries a token, a secret or the query
 * of a URL; what it does carry is named here.
 */
import type { Logger } from "./log.ts";

export type Events = {
  serverReady(event: { readonly baseUrl: string; readonly dataFolder: string | null }): void;
  serverStopping(event: { readonly reason: string }): void;
  serverStopped(event: { readonly tookMs: number }): void;
  /** `path` is without its query. */
  requestFaulted(event: { readonly method: string; readonly path: string; readonly error: unknown }): void;
  deliveryAttempted(event: DeliveryAttempted): void;
  dispatchFaulted(event: { readonly stage: "claim" | "settle"; readonly error: unknown }): void;
  purgeFaulted(event: { readonly error: unknown }): void;
  /** An act of the admin API was done and could not be written down. */
  auditFaulted(event: { readonly method: string; readonly path: string; readonly error: unknown }): void;
};

export type DeliveryAttempted = {
  readonly org: number;
  readonly deliveryId: number;
  readonly channelKey: number;
  readonly channelId: string;
  readonly module: string;
  readonly operation: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly outcome: string;
  /** null: no answer came. */
  readonly httpStatus: number | null;
  readonly durationMs: number;
  /** null: an answer came. */
  readonly error: string | null;
};

/** Events as lines of `logger`. A delivery that succeeded is `info`; one that did not is `warn`; a fault of ours is `error`. */
export function createEvents(logger: Logger): Events {
  return {
    serverReady: (event) => logger.info({ event: "server.ready", ...event }, "ready"),
    serverStopping: (event) => logger.info({ event: "server.stopping", ...event }, "stopping"),
    serverStopped: (event) => logger.info({ event: "server.stopped", ...event }, "stopped"),
    requestFaulted: ({ error, ...event }) => logger.error({ event: "request.faulted", ...event, err: describe(error) }, "request faulted"),
    deliveryAttempted: (event) =>
      logger[event.outcome === "delivered" ? "info" : "warn"]({ event: "delivery.attempted", ...event }, "delivery attempted"),
    dispatchFaulted: ({ error, ...event }) =>
      logger.error({ event: "dispatch.faulted", ...event, err: describe(error) }, "dispatch faulted"),
    auditFaulted: ({ error, ...event }) => logger.error({ event: "audit.faulted", ...event, err: describe(error) }, "audit faulted"),
    purgeFaulted: ({ error }) => logger.error({ event: "purge.faulted", err: describe(error) }, "purge faulted"),
  };
}

/** Says nothing; for tests. */
export const silentEvents: Events = {
  serverReady: () => undefined,
  serverStopping: () => undefined,
  serverStopped: () => undefined,
  requestFaulted: () => undefined,
  deliveryAttempted: () => undefined,
  dispatchFaulted: () => undefined,
  purgeFaulted: () => undefined,
  auditFaulted: () => undefined,
};

export type DescribedError = { readonly message: string; readonly stack: string | null; readonly causes: readonly string[] };

const causesMax = 5;

/** An error as it is logged: message, stack and the messages of its causes; no further property, for one may hold a request. */
export function describe(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { message: `thrown: ${typeof error}`, stack: null, causes: [] };
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < causesMax; cause = cause.cause) causes.push(cause.message);
  return { message: error.message, stack: error.stack ?? null, causes };
}
