import { Counter, Histogram, type Registry } from "prom-client";
import { type OutcomeKind, outcomeKinds } from "../../core/delivery.ts";

export type DispatchMetrics = {
  claimCalled(): void;
  dispatchFailed(stage: "claim" | "settle"): void;
  attemptMade(attempt: { readonly outcome: OutcomeKind; readonly durationMs: number }): void;
  /** A delivery was settled as delivered, so long after its commit. Replays are left out: their commit was long ago. */
  delivered(latencyMs: number): void;
};

/** Counts nothing. */
export const noDispatchMetrics: DispatchMetrics = {
  claimCalled: () => undefined,
  dispatchFailed: () => undefined,
  attemptMade: () => undefined,
  delivered: () => undefined,
};

const shortSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
/** From a delivery at once to one whose last retry came after three days. */
const latencySeconds = [...shortSeconds, 30, 60, 300, 1_800, 3_600, 14_400, 43_200, 86_400, 259_200];

export function createDispatchMetrics(registry: Registry): DispatchMetrics {
  const registers = [registry];
  const claims = new Counter({
    name: "watchpost_dispatch_claims_total",
    help: "Times that the delivery loop asked for what is due.",
    registers,
  });
  const faults = new Counter({
    name: "watchpost_dispatch_faults_total",
    help: "Claims and settlements that failed.",
    labelNames: ["stage"],
    registers,
  });
  for (const stage of ["claim", "settle"]) faults.inc({ stage }, 0);
  const attempts = new Counter({ name: "watchpost_attempts_total", help: "POSTs made, by outcome.", labelNames: ["outcome"], registers });
  for (const outcome of outcomeKinds) attempts.inc({ outcome }, 0);
  const durations = new Histogram({
    name: "watchpost_attempt_duration_seconds",
    help: "How long an attempt took.",
    buckets: shortSeconds,
    registers,
  });
  const latencies = new Histogram({
    name: "watchpost_delivery_latency_seconds",
    help: "From the commit of a change to its delivery, settled; replays left out.",
    buckets: latencySeconds,
    registers,
  });
  return {
    claimCalled: () => claims.inc(),
    dispatchFailed: (stage) => faults.inc({ stage }),
    attemptMade: ({ outcome, durationMs }) => {
      attempts.inc({ outcome });
      durations.observe(durationMs / 1_000);
    },
    delivered: (latencyMs) => latencies.observe(latencyMs / 1_000),
  };
}
