/** What every store must do with claims under room, in turns, and as deliveries are made: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import { newHealth } from "../../src/core/channel.ts";
import { type ClaimRoom, wholeRoom } from "../../src/core/claim-room.ts";
import { Hand } from "../../src/core/hand.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import type { NextState } from "../../src/core/delivery.ts";
import type { EndedClaim, NewDelivery } from "../../src/store/ports/deliveries.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { newDelivery } from "../support/new-delivery.ts";
import type { StoreCase } from "./store-credentials.ts";

/** Of the channel 1, unless `over` says another. */
function delivery(org: number, recordId: string, over: Pick<NewDelivery, "committedAt"> & { readonly channelKey?: number }): NewDelivery {
  const { committedAt, channelKey = 1 } = over;
  return newDelivery({ org, channelKey, channelId: String(channelKey), recordIds: [recordId], committedAt });
}

function channel(org: number, key: number): ChannelRow {
  return channelRow({ org, key, channelId: String(key), notifyUrl: "http://127.0.0.1:9/" });
}

function handAt(now: number, room: Partial<ClaimRoom> = {}, limit = 9): Hand {
  const order = { now, leaseUntil: now + 1_000, claimToken: `at ${String(now)}`, limit, room: { ...wholeRoom, ...room } };
  return new Hand(order, { takesNew: true });
}

function idsIn(hand: Hand): readonly number[] {
  return hand.claims.map(({ deliveryId }) => deliveryId);
}

/** Claims what is due at `now`, and nothing as it is made. */
async function claimedAt(tx: Tx, now: number, limit = 9): Promise<readonly number[]> {
  const { claims } = await claimWith(tx, handAt(now, {}, limit).order);
  return claims.map(({ deliveryId }) => deliveryId);
}

async function putChannels(store: Store, channels: readonly ChannelRow[]): Promise<void> {
  await store.transaction(async (tx) => {
    for (const each of channels) await tx.channels.put(each);
  });
}

/** A delivery of the channel 1 that a hand took as it was made, in a batch of its own, under the token `at 600` unless it is another instant. */
async function taken(store: Store, org: number, { recordId = "9", at = 600 } = {}): Promise<number> {
  await putChannels(store, [channel(org, 1)]);
  return store.transaction(async (tx) => {
    const hand = handAt(at);
    const id = await tx.deliveries.insert(delivery(org, recordId, { committedAt: at }), hand);
    await tx.deliveries.claim(hand);
    assert.deepEqual(idsIn(hand), [id]);
    return id;
  });
}

type Held = { readonly org: number; readonly id: number; readonly claimToken?: string; readonly recordId?: string };

/** Ends a claim of a delivery of the record 9, unless it is of another. */
async function settleAs(tx: Tx, { org, id, claimToken = "at 600", recordId = "9" }: Held, next: NextState): Promise<EndedClaim | null> {
  const ending = { org, deliveryId: id, claimToken, channelKey: 1, recordIds: JSON.stringify([recordId]), next, attempt: null };
  const [ended = null] = await tx.deliveries.settle([ending], 700);
  return ended;
}

export const claimCases: readonly StoreCase[] = [
  [
    "what a hand takes as it is made is claimed, comes to nobody else while its lease lasts, and what stands behind it waits",
    async (store, org) => {
      const hand = handAt(600);
      const [first = 0, second = 0, third = 0] = await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1));
        const ids = [];
        for (const recordId of ["9", "9", "1"]) ids.push(await tx.deliveries.insert(delivery(org, recordId, { committedAt: 600 }), hand));
        await tx.deliveries.claim(hand);
        return ids;
      });
      assert.deepEqual(idsIn(hand), [first, third]);
      await store.transaction(async (tx) => {
        assert.equal((await tx.deliveries.byId(org, first))?.status, "claimed");
        assert.equal((await tx.deliveries.byId(org, second))?.status, "waiting");
        assert.deepEqual(await claimedAt(tx, 700), []);
        const ending = { org, deliveryId: first, claimToken: "at 600", channelKey: 1, recordIds: '["9"]' };
        const next = { status: "delivered", attempts: 1, dueAt: null } as const;
        const [ended] = await tx.deliveries.settle([{ ...ending, next, attempt: null }], 800);
        assert.equal(ended?.isAnyFree, true);
        assert.deepEqual(await claimedAt(tx, 801), [second]);
        assert.deepEqual(await claimedAt(tx, 1_600), [third], "its lease is over, the other's is not");
      });
    },
  ],
  [
    "a hand takes what is made neither of a channel that is held, nor without room, nor beyond its limit; it stays due",
    async (store, org) => {
      await putChannels(store, [channel(org, 1), { ...channel(org, 2), state: "paused" }]);
      await store.transaction(async (tx) => {
        const noRoom = handAt(600, { origins: [["http://127.0.0.1:9", 0]] });
        const first = await tx.deliveries.insert(delivery(org, "1", { committedAt: 600 }), noRoom);
        await tx.deliveries.claim(noRoom);
        assert.deepEqual(idsIn(noRoom), []);
        const one = handAt(601, {}, 1);
        const [second, third] = [
          await tx.deliveries.insert(delivery(org, "2", { committedAt: 601 }), one),
          await tx.deliveries.insert(delivery(org, "3", { committedAt: 601 }), one),
        ];
        const held = await tx.deliveries.insert(delivery(org, "4", { committedAt: 601, channelKey: 2 }), one);
        await tx.deliveries.claim(one);
        assert.deepEqual(idsIn(one), [second]);
        assert.deepEqual(await claimedAt(tx, 602), [first, third]);
        assert.equal((await tx.deliveries.byId(org, held))?.status, "pending");
      });
    },
  ],
  [
    "what a hand took is not handed out when the same batch holds its channel or cancels it",
    async (store, org) => {
      await putChannels(store, [channel(org, 1), channel(org, 2), channel(org, 3)]);
      await store.transaction(async (tx) => {
        const hand = handAt(600);
        const held = await tx.deliveries.insert(delivery(org, "1", { committedAt: 600 }), hand);
        await tx.deliveries.insert(delivery(org, "2", { committedAt: 600, channelKey: 2 }), hand);
        const other = await tx.deliveries.insert(delivery(org, "3", { committedAt: 600, channelKey: 3 }), hand);
        await tx.channels.setHealth(org, 1, { ...newHealth(600), state: "paused" });
        await tx.deliveries.cancel({ org, channelKey: 2, module: null, now: 600 });
        await tx.deliveries.claim(hand);
        assert.deepEqual(idsIn(hand), [other]);
        await tx.channels.setHealth(org, 1, newHealth(700));
        await tx.deliveries.wake(org, 1, 700);
        assert.deepEqual(await claimedAt(tx, 700), [held], "it stayed due while its channel was held");
      });
    },
  ],
  [
    "what a hand took goes to where its channel is sent, and is signed, at the end of the batch, and within the same room",
    async (store, org) => {
      await putChannels(store, [channel(org, 1)]);
      const { claims } = await store.transaction(async (tx) => {
        const hand = handAt(600, { perChannel: 1 });
        await tx.deliveries.insert(delivery(org, "1", { committedAt: 600 }), hand);
        await tx.channels.put({ ...channel(org, 1), notifyUrl: "http://127.0.0.2:9/", secret: "whsec_y" });
        await tx.deliveries.claim(hand);
        return hand;
      });
      assert.partialDeepStrictEqual(claims, [{ notifyUrl: "http://127.0.0.2:9/", secret: "whsec_y", claimToken: "at 600" }]);
      assert.equal(claims.length, 1);
      await store.transaction(async (tx) => assert.deepEqual(await claimedAt(tx, 601), [], "its lease holds"));
    },
  ],
  [
    "what a hand took and was to be tried again stands before the next of its record until it ends",
    async (store, org) => {
      const first = await taken(store, org);
      await store.transaction(async (tx) => {
        assert.notEqual(await settleAs(tx, { org, id: first }, { status: "pending", attempts: 1, dueAt: 800 }), null);
        const second = await tx.deliveries.insert(delivery(org, "9", { committedAt: 700 }));
        assert.deepEqual(await claimedAt(tx, 799), []);
        assert.deepEqual(await claimedAt(tx, 800), [first]);
        await settleAs(tx, { org, id: first, claimToken: "at 800" }, { status: "delivered", attempts: 2, dueAt: null });
        assert.deepEqual(await claimedAt(tx, 801), [second]);
      });
    },
  ],
  [
    "what a hand took is cancelled and skipped as any other, and its claim then holds nothing",
    async (store, org) => {
      const cancelled = await taken(store, org);
      await store.transaction(async (tx) => {
        assert.equal(await tx.deliveries.cancel({ org, channelKey: 1, module: "Deals", now: 700 }), 1);
        assert.equal(await settleAs(tx, { org, id: cancelled }, { status: "delivered", attempts: 1, dueAt: null }), null);
      });
      const skipped = await taken(store, org);
      await store.transaction(async (tx) => {
        assert.deepEqual(await tx.deliveries.skip(org, skipped, 700), { isSkipped: true, isAnyFree: false });
        assert.equal(await settleAs(tx, { org, id: skipped }, { status: "delivered", attempts: 1, dueAt: null }), null);
        for (const id of [cancelled, skipped]) assert.equal((await tx.deliveries.byId(org, id))?.status, "cancelled");
        assert.deepEqual(await claimedAt(tx, 99_999), []);
        const next = await tx.deliveries.insert(delivery(org, "9", { committedAt: 99_999 }));
        assert.deepEqual(await claimedAt(tx, 99_999), [next], "nobody stands in the line any more");
      });
    },
  ],
  [
    "without an order a hand takes several of one record; where an order is given later nothing waits for them, nor goes when they end",
    async (store, org) => {
      await putChannels(store, [{ ...channel(org, 1), order: "none" }]);
      const loose = { ...delivery(org, "9", { committedAt: 600 }), isInOrder: false };
      const [first = 0, second = 0] = await store.transaction(async (tx) => {
        const hand = handAt(600);
        const ids = [await tx.deliveries.insert(loose, hand), await tx.deliveries.insert(loose, hand)];
        await tx.deliveries.claim(hand);
        assert.deepEqual(idsIn(hand), ids);
        return ids;
      });
      await putChannels(store, [channel(org, 1)]);
      const other = await taken(store, org, { recordId: "1" });
      const both = { ...delivery(org, "9", { committedAt: 700 }), recordIds: ["9", "1"] };
      const behind = await store.transaction(async (tx) => tx.deliveries.insert(both));
      await store.transaction(async (tx) => tx.deliveries.releaseAll(800));
      await store.transaction(async (tx) => {
        const held = { org, claimToken: "at 800", end: { status: "delivered", attempts: 1, dueAt: null } } as const;
        assert.deepEqual(await claimedAt(tx, 800), [first, second, other]);
        for (const id of [first, second]) assert.equal((await settleAs(tx, { ...held, id }, held.end))?.isAnyFree, false);
        assert.deepEqual(await claimedAt(tx, 801), [], "the last waits for the one before it in its order");
        assert.equal((await settleAs(tx, { ...held, id: other, recordId: "1" }, held.end))?.isAnyFree, true);
        assert.deepEqual(await claimedAt(tx, 802), [behind]);
      });
    },
  ],
  [
    "an order that is given up frees what stands behind a delivery that a hand took",
    async (store, org) => {
      const first = await taken(store, org);
      await store.transaction(async (tx) => {
        const second = await tx.deliveries.insert(delivery(org, "9", { committedAt: 700 }));
        assert.deepEqual(await claimedAt(tx, 700), []);
        await tx.deliveries.dropOrder(org, 1, 701);
        assert.deepEqual(await claimedAt(tx, 701), [second]);
        const ended = await settleAs(tx, { org, id: first }, { status: "delivered", attempts: 1, dueAt: null });
        assert.equal(ended?.isAnyFree, false);
      });
    },
  ],
  [
    "what a hand took in a transaction that was undone is not there: nothing falls due, and nobody waits for it",
    async (store, org) => {
      await putChannels(store, [channel(org, 1)]);
      const failing = store.transaction(async (tx) => {
        await tx.deliveries.insert(delivery(org, "9", { committedAt: 600 }), handAt(600));
        throw new Error("stop");
      });
      await assert.rejects(failing, /stop/);
      await store.transaction(async (tx) => {
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [] }), null);
        const id = await tx.deliveries.insert(delivery(org, "9", { committedAt: 700 }));
        assert.deepEqual(await claimedAt(tx, 700), [id]);
      });
    },
  ],
  [
    "a settlement that was undone leaves the delivery claimed until its lease ends",
    async (store, org) => {
      const [first, second] = [await taken(store, org, { recordId: "8" }), await taken(store, org, { at: 700 })];
      const failing = store.transaction(async (tx) => {
        await settleAs(tx, { org, id: first }, { status: "delivered", attempts: 1, dueAt: null });
        throw new Error("stop");
      });
      await assert.rejects(failing, /stop/);
      await store.transaction(async (tx) => {
        assert.deepEqual(await claimedAt(tx, 1_599), []);
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [] }), 1_600);
        assert.deepEqual(await claimedAt(tx, 1_600), [first], "although the other was made later and stands first now");
        assert.deepEqual(await claimedAt(tx, 1_700), [second]);
      });
    },
  ],
  [
    "leases end each at its instant, also where the clock was set back between the claims",
    async (store, org) => {
      const [early, late] = [await taken(store, org, { recordId: "8", at: 5_000 }), await taken(store, org, { at: 600 })];
      await store.transaction(async (tx) => {
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [] }), 1_600);
        assert.deepEqual(await claimedAt(tx, 1_600), [late]);
        assert.deepEqual(await claimedAt(tx, 6_000), [late, early]);
      });
    },
  ],
  [
    "what fell due before its channel was held is handed out when it is let go, and before what came meanwhile",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1));
        const before = await tx.deliveries.insert(delivery(org, "1", { committedAt: 500 }));
        await tx.channels.setHealth(org, 1, { ...newHealth(550), state: "paused" });
        assert.deepEqual(await claimedAt(tx, 600), []);
        const meanwhile = await tx.deliveries.insert(delivery(org, "2", { committedAt: 700 }));
        await tx.channels.setHealth(org, 1, newHealth(750));
        await tx.deliveries.wake(org, 1, 800);
        assert.deepEqual(await claimedAt(tx, 800), [before, meanwhile]);
      });
    },
  ],
  [
    "a channel with a backlog delays another's single event by one turn, of its own org and of others",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const other = await tx.orgs.insertOrg({ zgid: "7", name: "Other", timeZone: "UTC", currency: "USD", createdAt: 1 });
        for (const [index, owner] of [org, org, other.key].entries()) await tx.channels.put(channel(owner, index + 1));
        for (let i = 0; i < 200; i += 1) await tx.deliveries.insert(delivery(org, String(i), { committedAt: 500 }));
        const sibling = await tx.deliveries.insert(delivery(org, "9000", { committedAt: 900, channelKey: 2 }));
        const stranger = await tx.deliveries.insert(delivery(other.key, "9000", { committedAt: 900, channelKey: 3 }));
        const claimed = await claimedAt(tx, 1_000, 180);
        assert.ok(claimed.includes(sibling), "the other channel of the org had its turn");
        assert.ok(claimed.includes(stranger), "the other org had its turn");
        assert.ok(claimed.length < 180, "a channel is handed no more in one turn than its share");
      });
    },
  ],
];
