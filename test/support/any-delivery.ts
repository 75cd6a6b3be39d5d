/** The filter of the delivery log that keeps nothing back. */
import type { DeliveryFilter } from "../../src/core/attempt.ts";

export const anyDelivery = {
  zgid: null,
  channelId: null,
  channelKey: null,
  module: null,
  recordId: null,
  status: null,
  from: null,
  until: null,
  beforeId: null,
  limit: 50,
} as const satisfies DeliveryFilter;
