/** What a dispatcher is made of. */
import type { TargetGuard } from "../app/target-guard.ts";
import type { Clock, Random } from "../core/clock.ts";
import type { Events } from "../observe/events.ts";
import type { DispatchMetrics } from "../observe/metrics/dispatch-metrics.ts";
import type { DeliveryQueue } from "../queue/delivery-queue.ts";
import type { attempt } from "./attempt.ts";
import type { Lookup } from "./connect.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import type { Tenure } from "./tenure.ts";

export type DispatcherOptions = {
  /** Who hands out; it is stopped by whoever made it. */
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  readonly guard: TargetGuard;
  /** Absent: nothing is counted. */
  readonly metrics?: DispatchMetrics;
  /** The server's public origin, for `resource_uri`. */
  readonly baseUrl: string;
  readonly version: string;
  /** Absent: it is the only process that hands out. */
  readonly tenure?: Tenure;
  /** In place of the standard ones; for tests, and where several processes share what is owed. */
  readonly limits?: Partial<DispatchLimits>;
  /** In place of the system's name lookup; for tests. */
  readonly lookup?: Lookup;
  /** In place of a POST; for the simulation. */
  readonly attempt?: typeof attempt;
};
