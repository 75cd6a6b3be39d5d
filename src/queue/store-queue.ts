/** The store hands out by itself: dispatch claims from it what is due. */
import type { Engine } from "../app/commands.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";

export function storeQueue(engine: Pick<Engine, "run" | "onHint" | "onGathering">): DeliveryQueue {
  return {
    claim: (ask) => engine.run("dispatch.claim", ask),
    settle: (settlements) => engine.run("dispatch.settle", { settlements }),
    letGo: () => undefined,
    onClaimable: (listener) => engine.onHint(listener, "due"),
    onGathering: (listener) => engine.onGathering((gathered) => (gathered === "ending" ? undefined : listener())),
    drain: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
