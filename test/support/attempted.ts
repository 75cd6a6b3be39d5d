/** The event of an attempt: one that delivered, unless `over` says otherwise. */
import type { DeliveryAttempted } from "../../src/observe/events.ts";

export function attempted(over: Partial<DeliveryAttempted> = {}): DeliveryAttempted {
  return {
    org: 1,
    deliveryId: 1,
    channelKey: 1,
    channelId: "1",
    module: "Deals",
    operation: "update",
    attempt: 1,
    outcome: "delivered",
    httpStatus: 200,
    durationMs: 10,
    error: null,
    ...over,
  };
}
