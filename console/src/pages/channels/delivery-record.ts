/** How a channel's last deliveries went. */
import type { Delivery } from "../../api/deliveries.ts";

export type DeliveryRecord = {
  readonly settled: number;
  readonly delivered: number;
  readonly dead: number;
  /** Of those settled, the share that did not go through at the first try. */
  readonly failureShare: number;
  /** From commit to answer of what was delivered, the oldest first. */
  readonly waitsMs: readonly number[];
};

export function recordOf(newestFirst: readonly Delivery[]): DeliveryRecord {
  const settled = newestFirst.filter(({ status }) => status === "delivered" || status === "dead");
  const delivered = settled.filter(({ status }) => status === "delivered");
  const failedFirst = settled.filter(({ status, attempts_made: attempts }) => status === "dead" || attempts > 1);
  return {
    settled: settled.length,
    delivered: delivered.length,
    dead: settled.length - delivered.length,
    failureShare: settled.length === 0 ? 0 : failedFirst.length / settled.length,
    waitsMs: delivered.map(({ committed_at: from, settled_at: until }) => Date.parse(until ?? from) - Date.parse(from)).toReversed(),
  };
}
