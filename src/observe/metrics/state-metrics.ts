/** What is read when somebody scrapes, in place of being counted as it happens. */
import { Gauge, type Registry } from "prom-client";
import { type Census, backlogStates, expirySpanNames } from "../../core/census.ts";
import { channelStates } from "../../core/channel.ts";
import { type HealthReport, stuckParts } from "../health.ts";

/** A census with when it was taken, on the program's clock; `ageMs` and `tookMs` are real time. */
export type TakenCensus = { readonly census: Census; readonly takenAt: number; readonly ageMs: number; readonly tookMs: number };

export type Sources = {
  /** The latest there is; null: none was taken yet. */
  readonly census: () => Promise<TakenCensus | null>;
  readonly health: () => HealthReport;
  /** Commands that wait for the writer. */
  readonly queued: () => number;
  /** Attempts that run. */
  readonly inFlight: () => number;
  /** The processes that share the store. */
  readonly nodes: () => number;
  /** Whether this one makes the steps that are made once for all. */
  readonly isLeading: () => boolean;
};

const ages = ["waiting", "pending", "dead"] as const;

/** `refresh` takes the values in; it is called before the registry is rendered. */
export function createStateMetrics(registry: Registry, sources: () => Partial<Sources>): { refresh(): Promise<void> } {
  const registers = [registry];
  const setCensus = censusGauges(registry);
  const queued = new Gauge({ name: "watchpost_writer_queued_commands", help: "Commands that wait for the writer.", registers });
  const inFlight = new Gauge({ name: "watchpost_dispatch_in_flight", help: "Attempts that run.", registers });
  const nodes = new Gauge({ name: "watchpost_nodes", help: "Processes that share the store, this one among them.", registers });
  const leading = new Gauge({
    name: "watchpost_leading",
    help: "1 while this process removes what is old, gives notices and makes the steps of replays.",
    registers,
  });
  const stuck = new Gauge({
    name: "watchpost_stuck",
    help: "1 while the part is stuck, as /readyz says.",
    labelNames: ["part"],
    registers,
  });
  return {
    refresh: async () => {
      const { census, health, queued: queuedNow, inFlight: inFlightNow, nodes: nodesNow, isLeading } = sources();
      const taken = (await census?.()) ?? null;
      if (taken !== null) setCensus(taken);
      queued.set(queuedNow?.() ?? 0);
      inFlight.set(inFlightNow?.() ?? 0);
      nodes.set(nodesNow?.() ?? 1);
      leading.set((isLeading?.() ?? true) ? 1 : 0);
      const causes = health?.().causes ?? [];
      for (const part of stuckParts) stuck.set({ part }, causes.some((cause) => cause.part === part) ? 1 : 0);
    },
  };
}

function censusGauges(registry: Registry): (taken: TakenCensus) => void {
  const registers = [registry];
  const backlog = new Gauge({
    name: "watchpost_backlog_deliveries",
    help: "Deliveries in the store, by state.",
    labelNames: ["state"],
    registers,
  });
  const oldest = new Gauge({
    name: "watchpost_oldest_delivery_age_seconds",
    help: "Age of the oldest delivery of a state since its commit; pending: or claimed. 0: there is none.",
    labelNames: ["state"],
    registers,
  });
  const channels = new Gauge({
    name: "watchpost_channels",
    help: "Channels, by state and by time to expiry: less than so much, and not less than the span before.",
    labelNames: ["state", "expires_in"],
    registers,
  });
  const age = new Gauge({ name: "watchpost_census_age_seconds", help: "How old the counts of backlog and channels are.", registers });
  const took = new Gauge({ name: "watchpost_census_duration_seconds", help: "How long it took to count backlog and channels.", registers });
  return ({ census, takenAt, ageMs, tookMs }) => {
    for (const state of backlogStates) backlog.set({ state }, census.backlog[state]);
    for (const state of ages) {
      const at = census.oldestAt[state];
      oldest.set({ state }, at === null ? 0 : Math.max(0, takenAt - at) / 1_000);
    }
    for (const state of channelStates) {
      for (const span of expirySpanNames) channels.set({ state, expires_in: span }, census.channels[state][span]);
    }
    age.set(ageMs / 1_000);
    took.set(tookMs / 1_000);
  };
}
