/** Opens the engine over a PostgreSQL database that other processes may use too. */
import type { Clock, Random } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { openHintWire } from "../store/postgres/hints.ts";
import { openPostgresStore } from "../store/postgres/open.ts";
import type { EngineOptions, StoreEngine } from "./engine.ts";
import { openPoolEngine } from "./pool-engine.ts";
import { createTargetGuard } from "./target-guard.ts";

export type PostgresEngineOptions = Omit<EngineOptions, "dataFolder"> & {
  /** Real time, by which a lost connection is tried again. */
  readonly realClock: Clock;
  readonly random: Random;
  /** Counts milliseconds from anywhere. */
  readonly stopwatch: () => number;
};

/**
 * Rejects with an Error for people when the database cannot be used. Claims of other processes are left to them; those of one that is gone end
 * with their leases.
 */
export async function openPostgresEngine(url: string, options: PostgresEngineOptions): Promise<StoreEngine> {
  const { clock, realClock, targetPolicy, random, stopwatch, failingMs = limits.failingMs, onBatch = () => undefined } = options;
  const store = await openPostgresStore({ url });
  const guard = createTargetGuard(targetPolicy);
  const wire = openHintWire(url, realClock);
  try {
    return await openPoolEngine({ store, wire, clock, guard, random, failingMs, stopwatch, onBatch });
  } catch (error) {
    // Whatever it is, the caller hears of it; what is open must not keep the process alive.
    await wire.close();
    await store.close();
    throw error;
  }
}
