/** A step that the store refuses for now, made again until it takes it: other processes may hold what it wants, or the database may just be restarted. */
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { EngineFault } from "./engine.ts";

/** Rejects with what the step came to at last, and of the store with an Error for people. */
export async function patiently<T>(step: () => Promise<T>, clock: Clock): Promise<T> {
  const untilMs = clock.now() + limits.startPatienceMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof EngineFault) || error.ofStore === null) throw error;
      if (!error.retryable || clock.now() >= untilMs) throw new Error(`the store cannot be used: ${error.ofStore}`, { cause: error });
      await clock.sleepUntil(clock.now() + limits.startAgainMs, new AbortController().signal);
    }
  }
}
