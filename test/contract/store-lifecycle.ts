/** What every store must do for notices and lifecycle events: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import { wholeRoom } from "../../src/core/claim-room.ts";
import type { LifecycleEvent } from "../../src/core/lifecycle.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { newDelivery } from "../support/new-delivery.ts";
import type { StoreCase } from "./store-credentials.ts";

function channel(org: number, key: number, nextNoticeAt: number | null): ChannelRow {
  return channelRow({ org, key, channelId: String(key), nextNoticeAt });
}

function event(org: number, channelKey: number, at: number): LifecycleEvent {
  const kind = { event: "channel.expiring", before: "1h", cause: null } as const;
  return { org, channelKey, channelId: String(channelKey), ...kind, expiresAt: 10_000, at, deliveryId: null };
}

export const lifecycleCases: readonly StoreCase[] = [
  [
    "channels whose notice is due come the longest due first, and no more once it was given",
    async (store, org) => {
      await store.transaction(async (tx) => {
        assert.equal(await tx.channels.nextNoticeAt(), null);
        for (const [index, at] of [300, 100, null, 900].entries()) await tx.channels.put(channel(org, index + 1, at));
        const due = async (now: number, limit = 9) => (await tx.channels.withNoticeDue(now, limit)).map(({ key }) => key);
        assert.deepEqual(await due(99), []);
        assert.deepEqual(await due(300), [2, 1]);
        assert.deepEqual(await due(999, 1), [2]);
        assert.equal(await tx.channels.nextNoticeAt(), 100);
        await tx.channels.setNextNotice(org, 2, 800);
        await tx.channels.setNextNotice(org, 1, null);
        assert.deepEqual(await due(999), [2, 4]);
        assert.equal(await tx.channels.nextNoticeAt(), 800);
        await tx.channels.remove(org, 2);
        assert.equal(await tx.channels.nextNoticeAt(), 900);
      });
    },
  ],
  [
    "lifecycle events are read in their order over all orgs, and listed the newest first",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const other = await tx.orgs.insertOrg({ zgid: "7", name: "B", timeZone: "UTC", currency: "USD", createdAt: 1 });
        assert.equal(await tx.lifecycle.lastId(), 0);
        const events = [event(org, 1, 50), event(other.key, 9, 40), { ...event(org, 2, 60), deliveryId: 77 }];
        const ids: number[] = [];
        for (const each of events) ids.push(await tx.lifecycle.insert(each));
        const [first = 0, second = 0, third = 0] = ids;
        assert.ok(first < second && second < third, "ids grow, whatever the clock does");
        assert.equal(await tx.lifecycle.lastId(), third);
        assert.deepEqual(await tx.lifecycle.after(first, 1), [{ ...events[1], id: second }]);
        assert.deepEqual(await tx.lifecycle.after(second, 9), [{ ...events[2], id: third }]);
        const all = { org: null, channelKey: null, beforeId: Number.MAX_SAFE_INTEGER, limit: 9 };
        const list = async (over: Partial<typeof all> | { org: number } | { channelKey: number }) =>
          (await tx.lifecycle.list({ ...all, ...over })).map(({ id }) => id);
        assert.deepEqual(await list({}), [third, second, first]);
        assert.deepEqual(await list({ org }), [third, first]);
        assert.deepEqual(await list({ channelKey: 9 }), [second]);
        assert.deepEqual(await list({ beforeId: third, limit: 1 }), [second]);
      });
    },
  ],
  [
    "an event without the cause or the lead that its kind has is refused by the schema",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const wrong: readonly LifecycleEvent[] = [
          { ...event(org, 1, 50), before: null },
          { ...event(org, 1, 50), event: "channel.disabled", before: null, cause: null },
          { ...event(org, 1, 50), event: "channel.expired" },
        ];
        for (const each of wrong) await assert.rejects(tx.savepoint(async () => tx.lifecycle.insert(each)));
      });
    },
  ],
  [
    "lifecycle events go by their age, a bounded number a step",
    async (store, org) => {
      await store.transaction(async (tx) => {
        for (const at of [10, 20, 30]) await tx.lifecycle.insert(event(org, 1, at));
        assert.equal(await tx.retention.purgeLifecycle({ org, before: 30, limit: 1 }), 1);
        assert.equal(await tx.retention.purgeLifecycle({ org, before: 30, limit: 9 }), 1);
        assert.equal(await tx.retention.purgeLifecycle({ org, before: 30, limit: 9 }), 0);
      });
    },
  ],
  [
    "a delivery with a body of its own is handed out with it, any other without",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await tx.channels.put({ ...channel(org, 1, null), kind: "lifecycle" });
        const delivery = newDelivery({ org, channelId: "1" });
        await tx.deliveries.insert({ ...delivery, module: "lifecycle", recordIds: ["4"], body: '{"a":1}', committedAt: 5 });
        await tx.deliveries.insert({ ...delivery, module: "Leads", recordIds: ["5"], committedAt: 6 });
        const { claims } = await claimWith(tx, { now: 9, leaseUntil: 99, claimToken: "t", limit: 9, room: wholeRoom });
        assert.deepEqual(
          claims.map(({ body }) => body),
          ['{"a":1}', null],
        );
        assert.equal((await tx.channels.byKey(1))?.kind, "lifecycle");
      });
    },
  ],
  [
    "the users of an org are counted",
    async (store, org) => {
      await store.transaction(async (tx) => {
        assert.equal(await tx.orgs.countUsers(org), 0);
        const times = { createdAt: 1, createdBy: null, modifiedAt: 1, modifiedBy: null };
        const user = { email: "a@x.example", firstName: null, lastName: "A", status: "active", more: {}, ...times } as const;
        for (const id of ["1", "2"]) await tx.orgs.insertUser(org, { ...user, id });
        assert.equal(await tx.orgs.countUsers(org), 2);
        assert.equal(await tx.orgs.countUsers(org + 1), 0);
      });
    },
  ],
];
