/** A delivery as a write makes it: of an edited deal, for the channel of `channelRow`. */
import type { NewDelivery } from "../../src/store/ports/deliveries.ts";

export function newDelivery(over: Pick<NewDelivery, "org"> & Partial<NewDelivery>): NewDelivery {
  return {
    channelKey: 1,
    channelId: "77",
    module: "Deals",
    operation: "update",
    recordIds: ["9"],
    affectedFields: "[]",
    affectedValues: null,
    committedAt: 500,
    write: 0,
    replay: null,
    isTest: false,
    isInOrder: true,
    ...over,
  };
}
