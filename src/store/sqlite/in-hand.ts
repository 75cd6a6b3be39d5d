/**
 * Deliveries that were claimed as they were made (`is_in_hand`). Mostly one is settled milliseconds later and nobody ever waits for it, so
 * it stands in no line and no lane: its place is kept here, and only written down when another delivery joins one of its lines, or when
 * its claim ends and it is still open. The database knows which they are, by a partial index; a new process writes them all down.
 */
import { sql } from "kysely";
import type { Id } from "../../core/ids.ts";
import { type Database, arg } from "./database.ts";
import type { Lanes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import type { LineMember, RecordLines } from "./record-lines.ts";

export type HandMember = LineMember & { readonly leaseUntil: number; readonly isInOrder: boolean };

type Rows = { readonly db: Database; readonly lines: RecordLines; readonly lanes: Lanes; readonly memory: Memory };

export class InHand {
  readonly #lines: RecordLines;
  readonly #lanes: Lanes;
  readonly #memory: Memory;
  readonly #statements: ReturnType<typeof handStatements>;
  /** By id; the first lease to end stands first, unless they are out of order. */
  readonly #members = new Map<number, HandMember>();
  /** By channel, the delivery that stands alone in the line of a record; null for one that stands in no line. */
  readonly #channels = new Map<number, Map<Id | number, HandMember>>();

  /** Whether the members may stand in another order than that of their leases: the clock was set back, or a settlement undone. */
  #isOutOfOrder = false;
  #leaseUntilMax = -Infinity;
  /** Channels that this transaction changed, or cancelled something of. */
  readonly #disturbed = new Set<number>();

  constructor({ db, lines, lanes, memory }: Rows) {
    this.#lines = lines;
    this.#lanes = lanes;
    this.#memory = memory;
    this.#statements = handStatements(db);
  }

  /** When the first lease ends; null: there is none. */
  get leaseUntil(): number | null {
    this.#sort();
    for (const { leaseUntil } of this.#members.values()) return leaseUntil;
    return null;
  }

  /** A transaction begins. */
  begin(): void {
    this.#disturbed.clear();
  }

  /** The channel changed, or something of it was cancelled: what was claimed of it in this transaction may hold no more. */
  disturb(channelKey: number): void {
    this.#disturbed.add(channelKey);
  }

  isDisturbed(channelKey: number): boolean {
    return this.#disturbed.has(channelKey);
  }

  hasChannel(channelKey: number): boolean {
    return this.#channels.has(channelKey);
  }

  add(member: HandMember): void {
    this.#put(member);
    this.#memory.note(() => this.#drop(member));
  }

  /** Takes out what is settled for good; false when it is not here. */
  remove(deliveryId: number): boolean {
    const member = this.#members.get(deliveryId);
    if (member === undefined) return false;
    this.#drop(member);
    this.#memory.note(() => this.#put(member));
    return true;
  }

  /** Writes down the delivery that stands alone in a line, because another comes behind it. */
  writeDownLine(channelKey: number, recordId: Id): void {
    const member = this.#channels.get(channelKey)?.get(recordId);
    if (member !== undefined) this.writeDown(member.deliveryId);
  }

  writeDownChannel(channelKey: number): void {
    for (const { deliveryId } of new Set(this.#channels.get(channelKey)?.values())) this.writeDown(deliveryId);
  }

  /** Writes down those whose lease has ended, so that they are claimed anew. */
  writeDownExpired(now: number): void {
    this.#sort();
    for (const { deliveryId, leaseUntil } of this.#members.values()) {
      if (leaseUntil > now) return;
      this.writeDown(deliveryId);
    }
  }

  /** Gives the delivery its place in lines and lane; from then on it is claimed as any other. */
  writeDown(deliveryId: number): void {
    const member = this.#members.get(deliveryId);
    if (member === undefined || !this.remove(deliveryId)) return;
    this.#statements.writeDown({ org: member.org, id: deliveryId });
    if (member.isInOrder) this.#lines.join(member);
    this.#lanes.wake(member.org, member.channelKey, member.leaseUntil);
  }

  /**
   * Writes down what a process before this one held, and gives it back: it falls due at `now`. What was made in order stood alone in its lines. So
   * where another stands already, this one was made before its channel had an order, and goes as it would have gone.
   */
  releaseAll(now: number): void {
    for (const row of this.#statements.release({ now }).toSorted((one, other) => other.id - one.id)) {
      const { org, id: deliveryId, channel_key: channelKey } = row;
      const member = { org, channelKey, deliveryId, recordIds: JSON.parse(row.record_ids) as Id[] };
      this.remove(deliveryId);
      if (row.ordering === "record" && this.#lines.countBefore(member) === 0) this.#lines.join(member);
      this.#lanes.wake(org, channelKey, now);
    }
  }

  #sort(): void {
    if (!this.#isOutOfOrder) return;
    const members = [...this.#members.values()].toSorted((one, other) => one.leaseUntil - other.leaseUntil);
    this.#members.clear();
    for (const member of members) this.#members.set(member.deliveryId, member);
    this.#leaseUntilMax = members.at(-1)?.leaseUntil ?? -Infinity;
    this.#isOutOfOrder = false;
  }

  #put(member: HandMember): void {
    if (member.leaseUntil < this.#leaseUntilMax) this.#isOutOfOrder = true;
    this.#leaseUntilMax = Math.max(this.#leaseUntilMax, member.leaseUntil);
    this.#members.set(member.deliveryId, member);
    const ofChannel = this.#channels.get(member.channelKey) ?? new Map<Id | number, HandMember>();
    this.#channels.set(member.channelKey, ofChannel);
    for (const key of placesOf(member)) ofChannel.set(key, member);
  }

  #drop(member: HandMember): void {
    this.#members.delete(member.deliveryId);
    const ofChannel = this.#channels.get(member.channelKey);
    for (const key of placesOf(member)) ofChannel?.delete(key);
    if (ofChannel?.size === 0) this.#channels.delete(member.channelKey);
  }
}

/** The records in whose lines it stands; one without order stands under its own number. */
function placesOf({ isInOrder, recordIds, deliveryId }: HandMember): readonly (Id | number)[] {
  return isInOrder ? recordIds : [deliveryId];
}

function handStatements(db: Database) {
  const q = db.builder;
  return {
    writeDown: db.run(
      q
        .updateTable("deliveries")
        .set({ is_in_hand: sql.lit(0) })
        .where("org", "=", arg<number>("org"))
        .where("id", "=", arg<number>("id")),
    ),
    release: db.all(
      q
        .updateTable("deliveries")
        .set({ is_in_hand: sql.lit(0), status: sql.lit("pending"), claim_token: sql.lit(null), due_at: arg<number>("now") })
        .where("is_in_hand", "=", sql.lit(1))
        .returning((row) => [
          "org",
          "id",
          "channel_key",
          "record_ids",
          row.selectFrom("channels").select("ordering").whereRef("channels.key", "=", "deliveries.channel_key").as("ordering"),
        ]),
    ),
  };
}
