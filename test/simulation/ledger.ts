/** Every delivery as the moves in the database tell of it, and the lines in which the model lets it wait. */
import type { Operation } from "../../src/core/channel.ts";
import type { ClaimEnd, DeliveryStatus } from "../../src/core/delivery.ts";
import type { ModelChannel } from "./model.ts";
import type { Move } from "./simulated-store.ts";

export type Delivery = {
  readonly id: number;
  readonly channel: ModelChannel;
  readonly module: string;
  readonly operation: Operation;
  readonly recordIds: readonly string[];
  readonly committedAt: number;
  status: DeliveryStatus;
  token: string | null;
  dueAt: number | null;
  attempts: number;
  /** How many disturbances there had been when it was claimed last. */
  disturbancesAtClaim: number;
  /** POSTs made under the claim that holds. */
  postsOfClaim: number;
  /** The receiver's good answer has come back. */
  isAnswered: boolean;
  /** When the POST under the claim that holds came to its end; null while it has not. */
  postEndedAt: number | null;
  /** What that POST came to. */
  postEnd: ClaimEnd | null;
  /** Removed after its time. */
  isPurged: boolean;
};

export class Ledger {
  readonly deliveries = new Map<number, Delivery>();
  readonly #open = new Map<ModelChannel, Set<Delivery>>();
  /** By channel and record, in the order of the commits. */
  readonly #lines = new Map<ModelChannel, Map<string, Delivery[]>>();
  openCount = 0;
  ended = { delivered: 0, dead: 0, cancelled: 0 };

  add(move: Move, channel: ModelChannel): Delivery {
    const delivery: Delivery = {
      id: move.id,
      channel,
      module: move.module,
      operation: move.operation as Operation,
      recordIds: JSON.parse(move.record_ids) as string[],
      committedAt: move.committed_at,
      status: move.status as DeliveryStatus,
      token: move.token,
      dueAt: move.due_at,
      attempts: 0,
      disturbancesAtClaim: 0,
      postsOfClaim: 0,
      isAnswered: false,
      postEndedAt: null,
      postEnd: null,
      isPurged: false,
    };
    this.deliveries.set(delivery.id, delivery);
    this.#openOf(channel).add(delivery);
    for (const recordId of delivery.recordIds) this.#lineOf(channel, recordId).push(delivery);
    this.openCount += 1;
    return delivery;
  }

  /** Follows a move; a delivery that has ended leaves its lines. */
  follow(delivery: Delivery, move: Move): void {
    delivery.status = move.status as DeliveryStatus;
    delivery.token = move.token;
    delivery.dueAt = move.due_at;
    delivery.attempts = move.attempts ?? 0;
    if (!isEnd(delivery.status)) return;
    this.#openOf(delivery.channel).delete(delivery);
    this.openCount -= 1;
    this.ended[delivery.status] += 1;
    for (const recordId of delivery.recordIds) {
      const line = this.#lineOf(delivery.channel, recordId);
      line.splice(line.indexOf(delivery), 1);
    }
  }

  open(): readonly Delivery[] {
    return [...this.#open.values()].flatMap((deliveries) => [...deliveries]);
  }

  openOf(channel: ModelChannel): readonly Delivery[] {
    return [...(this.#open.get(channel) ?? [])];
  }

  channels(): readonly ModelChannel[] {
    return [...this.#open].filter(([, deliveries]) => deliveries.size > 0).map(([channel]) => channel);
  }

  hasOpen(channel: ModelChannel): boolean {
    return (this.#open.get(channel)?.size ?? 0) > 0;
  }

  /** An open delivery of the channel about one of the same records that was committed before; null: it is the first in all its lines. */
  predecessor(delivery: Delivery): Delivery | null {
    for (const recordId of delivery.recordIds) {
      const first = this.#lineOf(delivery.channel, recordId)[0];
      if (first !== undefined && first !== delivery) return first;
    }
    return null;
  }

  #openOf(channel: ModelChannel): Set<Delivery> {
    let open = this.#open.get(channel);
    if (open === undefined) {
      open = new Set();
      this.#open.set(channel, open);
    }
    return open;
  }

  #lineOf(channel: ModelChannel, recordId: string): Delivery[] {
    let lines = this.#lines.get(channel);
    if (lines === undefined) {
      lines = new Map();
      this.#lines.set(channel, lines);
    }
    let line = lines.get(recordId);
    if (line === undefined) {
      line = [];
      lines.set(recordId, line);
    }
    return line;
  }
}

export function isEnd(status: DeliveryStatus): status is "delivered" | "dead" | "cancelled" {
  return status === "delivered" || status === "dead" || status === "cancelled";
}

export function describe(delivery: Delivery): string {
  const { id, channel, module, operation, recordIds, status } = delivery;
  return `delivery ${id} (${status}; channel ${channel.channelId} of org ${channel.org}, ${module} ${operation} ${recordIds.slice(0, 3).join(",")})`;
}
