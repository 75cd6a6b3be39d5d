/**
 * What the commands of a transaction have inserted and changed, to be written with all the rest of the batch: at its end, before its claim, or
 * before a statement that might have to see it. Ids are given when a command asks, so that the order stays that of the commands.
 *
 * Deliveries get their places here: one that is first in all its lines is due, and may be claimed as it is made. Nobody else joins or leaves a
 * line meanwhile, for the transaction holds their orgs.
 */
import type { Claim } from "../../core/attempt.ts";
import type { Hand } from "../../core/hand.ts";
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import { originOf } from "../../core/origin.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import { claimOf, newRow } from "../sql/delivery-row.ts";
import type { Tables } from "../sql/tables.ts";
import { type ChannelTarget, type KnownTargets, channelTargets } from "./channel-targets.ts";
import type { PostgresDatabase } from "./database.ts";
import type { RecordCache } from "./record-cache.ts";
import { aimOf } from "./target-row.ts";
import { type Lane, type Line, type NewRow, writeStatement } from "./write-statement.ts";

type Made = { readonly delivery: NewDelivery; readonly id: number; readonly hand: Hand | null };

export class Unwritten {
  readonly #records: RecordCache;
  readonly #orgs: PostgresDatabase["session"]["orgs"];
  readonly #statements: ReturnType<typeof unwrittenStatements>;
  #changes: Tables["changes"][] = [];
  #made: Made[] = [];
  #lanes = new Map<number, Lane>();
  /** Deliveries that were made and are due, of which no hand took a hold as they were made. */
  #left = new Set<number>();
  #isAnyWoken = false;
  #isAnyToLookFor = false;

  constructor(db: PostgresDatabase, parts: { readonly records: RecordCache; readonly targets: KnownTargets }) {
    this.#records = parts.records;
    this.#orgs = db.session.orgs;
    this.#statements = unwrittenStatements(db, parts.targets);
  }

  addChange(row: Tables["changes"]): void {
    this.#changes.push(row);
  }

  addDelivery(made: Made): void {
    this.#made.push(made);
  }

  /** Makes sure that the lane is looked at by `dueAt`; what is due in it is not due before `firstAt`. */
  wake(org: OrgKey, channelKey: number, { dueAt, firstAt = dueAt }: { readonly dueAt: number; readonly firstAt?: number }): void {
    this.#isAnyWoken = true;
    this.#isAnyToLookFor = true;
    this.#keepLane(org, channelKey, { dueAt, firstAt });
  }

  /** Whether something fell due in the transaction that no hand has taken. */
  get isAnyLeft(): boolean {
    return this.#isAnyWoken || this.#left.size > 0;
  }

  /** Whether anything of what was made is none of these claims, and due. */
  isAnyLeftBy(claims: readonly Claim[]): boolean {
    return claims.reduce((count, { deliveryId }) => count - (this.#left.has(deliveryId) ? 1 : 0), this.#left.size) > 0;
  }

  /** Whether something of that may have room in a hand that was not asked to take it as it was made. */
  get isAnyToLookFor(): boolean {
    return this.#isAnyToLookFor;
  }

  #keepLane(org: OrgKey, channelKey: number, { dueAt, firstAt }: Pick<Lane, "dueAt" | "firstAt">): void {
    const known = this.#lanes.get(channelKey) ?? { dueAt, firstAt };
    const lane = { org, channelKey, dueAt: Math.min(known.dueAt, dueAt), firstAt: Math.min(known.firstAt, firstAt) };
    this.#lanes.set(channelKey, lane);
  }

  get isAny(): boolean {
    return this.#changes.length > 0 || this.#made.length > 0 || this.#lanes.size > 0 || this.#records.isWritten;
  }

  /** Forgets what a transaction or a savepoint that was undone had to write. */
  clear(): void {
    this.#changes = [];
    this.#made = [];
    this.#lanes = new Map();
    this.#left = new Set();
    this.#isAnyWoken = false;
    this.#isAnyToLookFor = false;
    this.#records.clear();
  }

  /** Writes it down; what is made for the hand and due at once it takes. */
  async write(hand: Hand | null = null): Promise<void> {
    const [changes, made, records] = [this.#changes, this.#made, this.#records.takeWritten()];
    this.#changes = [];
    this.#made = [];
    const { deliveries, lines } = await this.#place(made, hand);
    const lanes = [...this.#lanes.values()];
    this.#lanes = new Map();
    const states = this.#orgs.takeUnwritten();
    if ([changes, records, deliveries, lanes, states].some((rows) => rows.length > 0)) {
      this.#statements.write({ changes, records, deliveries, lines, lanes, states });
    }
  }

  async #place(made: readonly Made[], hand: Hand | null): Promise<{ deliveries: readonly NewRow[]; lines: readonly Line[] }> {
    const lines = made.flatMap(({ delivery, id }) => linesOf(delivery, id));
    const taken = await this.#statements.standing(lines);
    const forHand = hand === null ? [] : made.filter((each) => each.hand === hand).map(({ delivery }) => delivery);
    const targets = await this.#statements.targets(forHand);
    const deliveries = made.map((each) => {
      const blockers = linesOf(each.delivery, each.id).filter((line) => !join(taken, line)).length;
      const isForHand = hand !== null && each.hand === hand && blockers === 0;
      const target = isForHand ? targets.get(each.delivery.channelKey) : undefined;
      const row = newRow(each.delivery, { id: each.id, blockers });
      const isTaken = isForHand && target !== undefined && mayTake(hand, target);
      const placed = isTaken ? take(hand, { ...target, epoch: this.#orgs.epochAfter(row.org) }, row) : row;
      if (placed.due_at === null) return placed;
      if (!isTaken) this.#left.add(each.id);
      this.#isAnyToLookFor ||= !isForHand;
      this.#keepLane(placed.org, placed.channel_key, { dueAt: placed.due_at, firstAt: placed.due_at });
      return placed;
    });
    return { deliveries, lines };
  }
}

function mayTake(hand: Hand, { org, key, state, notify_url: notifyUrl }: ChannelTarget): boolean {
  return state === "active" && hand.takesNew({ org, channelKey: key, origin: originOf(notifyUrl) });
}

/** The row as the hand has claimed it. */
function take(hand: Hand, target: ChannelTarget & { readonly epoch: number }, row: NewRow): NewRow {
  const { claimToken, leaseUntil } = hand.order;
  hand.take([claimOf(row, aimOf(target), hand.order)], originOf(target.notify_url));
  return { ...row, status: "claimed", claim_token: claimToken, due_at: leaseUntil };
}

/** Puts it at the end of a line; gives back whether it is the first. */
function join(taken: Set<string>, line: Line): boolean {
  const key = keyOf(line);
  if (taken.has(key)) return false;
  taken.add(key);
  return true;
}

function keyOf({ channelKey, recordId }: { readonly channelKey: number; readonly recordId: Id }): string {
  return `${String(channelKey)}/${recordId}`;
}

function linesOf({ org, channelKey, recordIds, isInOrder }: NewDelivery, deliveryId: number): readonly Line[] {
  return isInOrder ? [...new Set(recordIds)].map((recordId) => ({ org, channelKey, recordId, deliveryId })) : [];
}

function unwrittenStatements(db: PostgresDatabase, known: KnownTargets) {
  const standing = db.asked<{ channel_key: number; record_id: string }>(
    `select v.channel_key, v.record_id from unnest($1::bigint[], $2::bigint[], $3::text[]) as v (org, channel_key, record_id)
     where exists (
       select 1 from record_lines as l where l.org = v.org and l.channel_key = v.channel_key and l.record_id = v.record_id collate "C")`,
  );
  return {
    write: writeStatement(db),
    targets: channelTargets(db, known),
    /** The lines in which somebody stands already. */
    standing: async (lines: readonly Line[]): Promise<Set<string>> => {
      if (lines.length === 0) return new Set();
      const rows = await standing(
        lines.map(({ org }) => org),
        lines.map(({ channelKey }) => channelKey),
        lines.map(({ recordId }) => recordId),
      );
      return new Set(rows.map((row) => keyOf({ channelKey: row.channel_key, recordId: row.record_id })));
    },
  };
}
