/** A store that is filled through its port, in large transactions, with what would take writes and attempts a long time to make. */
import { systemRandom } from "../../src/config/system.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { Hand } from "../../src/core/hand.ts";
import { idOf } from "../../src/core/ids.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import type { NewDelivery } from "../../src/store/ports/deliveries.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { InThread, acme } from "../support/in-thread.ts";

const rowsPerTransaction = 10_000;
const dayMs = 86_400_000;
/** Where the numbers of filled records and channels begin: far from those that are given out. */
const firstRecord = 200_000_000;
const firstChannel = 10_000_000;
const org = 1;

/** The use cases over the same store, in this thread. */
export class Filling implements AsyncDisposable {
  readonly app: InThread;
  readonly #store: Store;

  private constructor(app: InThread, store: Store) {
    this.app = app;
    this.#store = store;
  }

  static async open(folder: string): Promise<Filling> {
    const store = await openSqliteStore(folder);
    const app = await InThread.open({ orgs: [acme] }, store);
    app.now = Date.now();
    return new Filling(app, store);
  }

  /** Records of Leads, numbered `from` to before `until`, which nobody has touched for a day. */
  async addRecords(from: number, until: number): Promise<void> {
    const { now, caller } = this.app;
    const at = now - dayMs;
    const stamps = { createdAt: at, createdBy: caller.userId, modifiedAt: at, modifiedBy: caller.userId };
    await this.#inSteps(from, until, async (tx, index) => {
      const values = { Last_Name: `Name ${index}`, Company: `Company ${index % 1_000}`, Owner: caller.userId };
      await tx.records.insert(org, { id: recordIdOf(index), module: "Leads", values, ...stamps });
    });
  }

  /** Channels like this one, numbered `from` to before `until`. */
  async addChannels(like: ChannelRow, from: number, until: number): Promise<void> {
    await this.#inSteps(from, until, async (tx, index) => {
      await tx.channels.put({ ...like, key: firstChannel + index, channelId: String(firstChannel + index), nextNoticeAt: null });
    });
  }

  /** What was: changes with a delivery each that was delivered at the first attempt. */
  async addHistory(channel: ChannelRow, from: number, until: number): Promise<void> {
    const { now, caller } = this.app;
    const answer = {
      outcome: "delivered",
      httpStatus: 200,
      error: null,
      responseBody: null,
      responseHeaders: '{"content-length":"0"}',
    } as const;
    const attempt = { startedAt: now, durationMs: 3, ...answer };
    const next = { status: "delivered", attempts: 1, dueAt: null } as const;
    const order = { now, leaseUntil: now + 1, claimToken: "filling", limit: 1, room: wholeRoom };
    await this.#inSteps(from, until, async (tx, index) => {
      const change = { module: "Leads", recordId: recordIdOf(index), operation: "update", changedFields: ["Description"] } as const;
      const values = { before: { Description: null }, after: { Description: "new" } };
      const write = await tx.changes.insert(org, { ...change, ...values, at: now, by: caller.userId, related: [] }, null);
      const hand = new Hand(order, { takesNew: true });
      await tx.deliveries.insert({ ...deliveryOf(channel, index, now), write, isInOrder: false }, hand);
      const ending = hand.claims.map((claim) => ({ ...claim, next, attempt }));
      await tx.deliveries.settle(ending, now);
    });
  }

  /** Deliveries that are pending, of these channels in turn. */
  async addPending(channels: readonly ChannelRow[], from: number, until: number): Promise<void> {
    const { now } = this.app;
    await this.#inSteps(from, until, async (tx, index) => {
      const channel = channels[index % channels.length];
      if (channel !== undefined) await tx.deliveries.insert(deliveryOf(channel, index, now));
    });
  }

  /** The org's channels by ascending key. */
  channels(): Promise<readonly ChannelRow[]> {
    return this.#store.transaction(async (tx) => tx.channels.ofOrg(org));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]();
  }

  async #inSteps(from: number, until: number, add: (tx: Tx, index: number) => Promise<void>): Promise<void> {
    for (let start = from; start < until; start += rowsPerTransaction) {
      await this.#store.transaction(async (tx) => {
        for (let index = start; index < Math.min(until, start + rowsPerTransaction); index += 1) await add(tx, index);
      });
    }
  }
}

export function recordIdOf(index: number): string {
  return idOf(acme.zgid, firstRecord + index);
}

/** One of so many filled records, by chance. */
export function anyRecordId(count: number): string {
  return recordIdOf(Math.floor(systemRandom.next() * count));
}

/** Of an edit of the record with this number. */
export function deliveryOf({ key, channelId }: Pick<ChannelRow, "key" | "channelId">, index: number, now: number): NewDelivery {
  return {
    org,
    channelKey: key,
    channelId,
    module: "Leads",
    operation: "update",
    recordIds: [recordIdOf(index)],
    affectedFields: `[{"${recordIdOf(index)}":["Description"]}]`,
    affectedValues: null,
    committedAt: now,
    write: 0,
    replay: null,
    isTest: false,
    isInOrder: true,
  };
}
