/** What every store must do with claims under room, in turns, and as deliveries are made: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import { newHealth } from "../../src/core/channel.ts";
import { type ClaimRoom, wholeRoom } from "../../src/core/claim-room.ts";
import { Hand } from "../../src/core/hand.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import type { NewDelivery } from "../../src/store/ports/deliveries.ts";
import type { Tx } from "../../src/store/store.ts";
import { claimWith } from "../support/claims.ts";
import type { StoreCase } from "./store-credentials.ts";

/** Of the channel 1, unless `over` says another. */
function delivery(org: number, recordId: string, over: Pick<NewDelivery, "committedAt"> & { readonly channelKey?: number }): NewDelivery {
  const { committedAt, channelKey = 1 } = over;
  const what = { channelId: String(channelKey), module: "Deals", operation: "update", affectedFields: "[]", affectedValues: null } as const;
  const plain = { write: 0, replay: null, isTest: false, isInOrder: true };
  return { ...what, ...plain, org, channelKey, recordIds: [recordId], committedAt };
}

function channel(org: number, key: number): ChannelRow {
  const times = { expiresAt: 10_000, nextNoticeAt: null, createdAt: 0, modifiedAt: 0 };
  const secrets = { token: null, secret: "whsec_x", isSecretShown: false, previousSecret: null };
  const heard = { returnsValues: false, notifiesRelated: true, order: "record", subscriptions: [] } as const;
  const name = { kind: "client", userId: "5", channelId: String(key), notifyUrl: "http://127.0.0.1:9/" } as const;
  return { org, key, ...name, ...secrets, ...newHealth(0), ...times, ...heard };
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
      await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1));
        await tx.channels.put({ ...channel(org, 2), state: "paused" });
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
      await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1));
        await tx.channels.put(channel(org, 2));
        const hand = handAt(600);
        await tx.deliveries.insert(delivery(org, "1", { committedAt: 600 }), hand);
        await tx.deliveries.insert(delivery(org, "2", { committedAt: 600, channelKey: 2 }), hand);
        await tx.channels.setHealth(org, 1, { ...newHealth(600), state: "paused" });
        await tx.deliveries.cancel({ org, channelKey: 2, module: null, now: 600 });
        await tx.deliveries.claim(hand);
        assert.deepEqual(idsIn(hand), []);
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
