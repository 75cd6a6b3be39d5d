/** The store hands out by itself: dispatch claims from it what is due. */
import type { Engine } from "../app/commands.ts";
import type { Clock } from "../core/clock.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { LostClaims } from "./lost-claims.ts";

/** `realClock`: where the store is shared. */
export function storeQueue(engine: Pick<Engine, "run" | "onHint" | "onGathering">, realClock: Clock | null = null): DeliveryQueue {
  const lost = realClock === null ? null : new LostClaims(engine, realClock);
  return {
    claim: (ask) => (lost === null ? engine.run("dispatch.claim", ask) : lost.claim(ask)),
    settle: (settlements) => engine.run("dispatch.settle", { settlements }),
    letGo: () => undefined,
    onClaimable: (listener) => engine.onHint(listener, "due"),
    onGathering: (listener) => engine.onGathering((gathered) => (gathered === "ending" ? undefined : listener())),
    drain: () => Promise.resolve(),
    stop: async () => lost?.stop(),
  };
}
