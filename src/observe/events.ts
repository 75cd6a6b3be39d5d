/**
 * What the program says of itself: one helper an event, one wide line a unit of work. No event carries a token, a secret or the query
 * of a URL; what it does carry is named here.
 */
import type { CircuitKind, CircuitState } from "../core/circuit.ts";
import type { Logger } from "./log.ts";

export type Events = {
  serverReady(event: { readonly baseUrl: string; readonly dataFolder: string | null }): void;
  serverStopping(event: { readonly reason: string }): void;
  serverStopped(event: { readonly tookMs: number }): void;
  /** `path` is without its query. */
  requestFaulted(event: { readonly method: string; readonly path: string; readonly error: unknown }): void;
  deliveryAttempted(event: DeliveryAttempted): void;
  dispatchFaulted(event: { readonly stage: "claim" | "settle"; readonly error: unknown }): void;
  circuitOpened(event: CircuitTurned): void;
  circuitClosed(event: CircuitTurned): void;
  purgeFaulted(event: { readonly error: unknown }): void;
  replayFaulted(event: { readonly error: unknown }): void;
};

export type CircuitTurned = {
  readonly kind: CircuitKind;
  /** The origin, without path and query, or the channel's key. */
  readonly key: string;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** When the next attempt may be made; null once it is closed. */
  readonly until: number | null;
  readonly state: CircuitState;
};

export type DeliveryAttempted = {
  readonly org: number;
  readonly deliveryId: number;
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
    circuitOpened: ({ kind, key, failures, until }) =>
      logger.warn({ event: "circuit.opened", kind, key, failures, until }, "circuit opened"),
    circuitClosed: ({ kind, key }) => logger.info({ event: "circuit.closed", kind, key }, "circuit closed"),
    purgeFaulted: ({ error }) => logger.error({ event: "purge.faulted", err: describe(error) }, "purge faulted"),
    replayFaulted: ({ error }) => logger.error({ event: "replay.faulted", err: describe(error) }, "replay faulted"),
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
  circuitOpened: () => undefined,
  circuitClosed: () => undefined,
  purgeFaulted: () => undefined,
  replayFaulted: () => undefined,
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
