/** Opens the engine over a PostgreSQL database that other processes may use too. */
import type { Clock, Random } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { HintWire } from "../store/hint-wire.ts";
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

/** What the processes on the database tell each other beside it. */
export type Wire = Pick<HintWire, "send" | "publish" | "onText">;

export type SharedEngine = { readonly engine: StoreEngine; readonly wire: Wire };

/**
 * Rejects with an Error for people when the database cannot be used. Claims of other processes are left to them; those of one that is gone are given
 * back by whoever sees it.
 */
export async function openSharedEngine(url: string, options: PostgresEngineOptions): Promise<SharedEngine> {
  const { clock, realClock, targetPolicy, random, stopwatch, failingMs = limits.failingMs, onBatch = () => undefined } = options;
  const store = await openPostgresStore({ url });
  const guard = createTargetGuard(targetPolicy);
  const wire = openHintWire(url, realClock);
  try {
    const engine = await openPoolEngine({ store, wire, clock, guard, random, failingMs, stopwatch, onBatch });
    return { engine, wire };
  } catch (error) {
    // Whatever it is, the caller hears of it; what is open must not keep the process alive.
    await wire.close();
    await store.close();
    throw error;
  }
}

/** As `openSharedEngine`, for who tells the others nothing. */
export async function openPostgresEngine(url: string, options: PostgresEngineOptions): Promise<StoreEngine> {
  return (await openSharedEngine(url, options)).engine;
}
