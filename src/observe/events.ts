/**
 * What the program says of itself: one helper an event, one wide line a unit of work. No event carries a token, a secret or the query
 * of a URL; what it does carry is named here.
 */
import type { CircuitKind, CircuitState } from "../core/circuit.ts";
import type { Logger } from "./log.ts";

export type Events = {
  serverReady(event: { readonly baseUrl: string; readonly dataFolder: string | null; readonly database: string | null }): void;
  serverStopping(event: { readonly reason: string }): void;
  serverStopped(event: { readonly tookMs: number }): void;
  requestAnswered(event: RequestAnswered): void;
  /** `path` is without its query. */
  requestFaulted(event: { readonly method: string; readonly path: string; readonly error: unknown }): void;
  deliveryAttempted(event: DeliveryAttempted): void;
  dispatchFaulted(event: { readonly stage: "claim" | "settle"; readonly error: unknown }): void;
  circuitOpened(event: CircuitTurned): void;
  circuitClosed(event: CircuitTurned): void;
  channelDisabled(event: ChannelDisabled): void;
  /** One turn of the janitor, from the first row to the last. */
  purgeEnded(event: { readonly rows: number; readonly steps: number }): void;
  /** The first failed commit of a streak. */
  commitFaulted(event: { readonly commands: number; readonly fault: string }): void;
  /** A commit worked again after `batches` that did not. */
  commitRecovered(event: { readonly batches: number }): void;
  healthStuck(event: { readonly part: string; readonly detail: string; readonly stuckMs: number; readonly error: unknown }): void;
  healthRecovered(event: { readonly part: string; readonly stuckMs: number }): void;
  purgeFaulted(event: { readonly error: unknown }): void;
  /** An act of the admin API was done and could not be written down. */
  auditFaulted(event: { readonly method: string; readonly path: string; readonly error: unknown }): void;
  replayFaulted(event: { readonly error: unknown }): void;
  channelLifecycle(event: ChannelLifecycle): void;
  lifecycleFaulted(event: { readonly error: unknown }): void;
  nodeJoined(event: { readonly node: string; readonly roles: string }): void;
  /** The others took this process for dead. */
  nodeLost(event: { readonly node: string }): void;
  /** This process found another dead, and gave its claims back. */
  nodeRemoved(event: { readonly node: string; readonly released: number }): void;
  /** The first of a streak. */
  nodeFaulted(event: { readonly node: string; readonly error: unknown }): void;
  leadGained(event: { readonly node: string }): void;
  leadLost(event: { readonly node: string }): void;
  /** Deliveries go through the broker from now on. `isMade`: its stream was not there. */
  queueReady(event: { readonly stream: string; readonly replicas: number; readonly isMade: boolean }): void;
  /** The broker cannot be used: the first of a streak. The store hands out meanwhile. */
  queueLost(event: { readonly error: unknown }): void;
  queueFaulted(event: { readonly stage: "publish" | "pull" | "read"; readonly error: unknown }): void;
};

export type ChannelLifecycle = {
  readonly org: number;
  readonly channelKey: number;
  readonly channelId: string;
  /** `channel.expiring`, `channel.expired` or `channel.disabled`. */
  readonly kind: string;
  /** How long before the expiry; null unless it is one to come. */
  readonly before: string | null;
  /** null unless disabled. */
  readonly cause: string | null;
  /** In ISO 8601. */
  readonly expiresAt: string;
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

export type RequestAnswered = {
  readonly surface: string;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
};

export type ChannelDisabled = {
  readonly org: number;
  readonly channelKey: number;
  readonly channelId: string;
  readonly cause: string;
  /** The first failure since the last success, in ms; null: there was none before. */
  readonly failingSince: number | null;
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
    requestAnswered: (event) => logger.debug({ event: "request.answered", ...event }, "request answered"),
    requestFaulted: ({ error, ...event }) => logger.error({ event: "request.faulted", ...event, err: describe(error) }, "request faulted"),
    deliveryAttempted: (event) =>
      logger[event.outcome === "delivered" ? "info" : "warn"]({ event: "delivery.attempted", ...event }, "delivery attempted"),
    dispatchFaulted: ({ error, ...event }) =>
      logger.error({ event: "dispatch.faulted", ...event, err: describe(error) }, "dispatch faulted"),
    auditFaulted: ({ error, ...event }) => logger.error({ event: "audit.faulted", ...event, err: describe(error) }, "audit faulted"),
    circuitOpened: ({ kind, key, failures, until }) =>
      logger.warn({ event: "circuit.opened", kind, key, failures, until }, "circuit opened"),
    circuitClosed: ({ kind, key }) => logger.info({ event: "circuit.closed", kind, key }, "circuit closed"),
    channelDisabled: (event) => logger.warn({ event: "channel.disabled", ...event }, "channel disabled"),
    purgeEnded: (event) => logger[event.rows > 0 ? "info" : "debug"]({ event: "purge.ended", ...event }, "purge ended"),
    commitFaulted: ({ fault, ...event }) => logger.error({ event: "commit.faulted", ...event, err: describeText(fault) }, "commit faulted"),
    commitRecovered: (event) => logger.info({ event: "commit.recovered", ...event }, "commit recovered"),
    healthStuck: ({ error, ...event }) =>
      logger.error({ event: "health.stuck", ...event, err: error === null ? null : describe(error) }, "stuck"),
    healthRecovered: (event) => logger.info({ event: "health.recovered", ...event }, "recovered"),
    purgeFaulted: ({ error }) => logger.error({ event: "purge.faulted", err: describe(error) }, "purge faulted"),
    replayFaulted: ({ error }) => logger.error({ event: "replay.faulted", err: describe(error) }, "replay faulted"),
    channelLifecycle: (event) =>
      logger[event.before === null ? "warn" : "info"]({ event: "channel.lifecycle", ...event }, "channel lifecycle"),
    lifecycleFaulted: ({ error }) => logger.error({ event: "lifecycle.faulted", err: describe(error) }, "lifecycle faulted"),
    nodeJoined: (event) => logger.info({ event: "node.joined", ...event }, "node joined"),
    nodeLost: (event) => logger.warn({ event: "node.lost", ...event }, "node lost"),
    nodeRemoved: (event) => logger.warn({ event: "node.removed", ...event }, "node removed"),
    nodeFaulted: ({ error, ...event }) => logger.error({ event: "node.faulted", ...event, err: describe(error) }, "node faulted"),
    leadGained: (event) => logger.info({ event: "lead.gained", ...event }, "lead gained"),
    leadLost: (event) => logger.info({ event: "lead.lost", ...event }, "lead lost"),
    queueReady: (event) => logger.info({ event: "queue.ready", ...event }, "queue ready"),
    queueLost: ({ error }) => logger.warn({ event: "queue.lost", err: describe(error) }, "queue lost"),
    queueFaulted: ({ error, ...event }) => logger.error({ event: "queue.faulted", ...event, err: describe(error) }, "queue faulted"),
  };
}

/** Says nothing; for tests. */
export const silentEvents: Events = {
  serverReady: () => undefined,
  serverStopping: () => undefined,
  serverStopped: () => undefined,
  requestFaulted: () => undefined,
  requestAnswered: () => undefined,
  deliveryAttempted: () => undefined,
  channelDisabled: () => undefined,
  purgeEnded: () => undefined,
  commitFaulted: () => undefined,
  commitRecovered: () => undefined,
  healthStuck: () => undefined,
  healthRecovered: () => undefined,
  dispatchFaulted: () => undefined,
  circuitOpened: () => undefined,
  circuitClosed: () => undefined,
  purgeFaulted: () => undefined,
  auditFaulted: () => undefined,
  replayFaulted: () => undefined,
  channelLifecycle: () => undefined,
  lifecycleFaulted: () => undefined,
  nodeJoined: () => undefined,
  nodeLost: () => undefined,
  nodeRemoved: () => undefined,
  nodeFaulted: () => undefined,
  leadGained: () => undefined,
  leadLost: () => undefined,
  queueReady: () => undefined,
  queueLost: () => undefined,
  queueFaulted: () => undefined,
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

/** A fault that came as text from behind the thread boundary: its first line is the message. */
function describeText(fault: string): DescribedError {
  return { message: fault.split("\n", 1)[0] ?? fault, stack: fault, causes: [] };
}
