/** What every store must do, whatever database is behind it: one suite, run over each of them. */
import assert from "node:assert/strict";
import { anyDelivery } from "../support/any-delivery.ts";
import { describe, test } from "node:test";
import type { AttemptEntry } from "../../src/core/attempt.ts";
import type { EndedClaim } from "../../src/store/ports/deliveries.ts";
import { type ClaimRoom, type PassedOver, wholeRoom } from "../../src/core/claim-room.ts";
import { newHealth } from "../../src/core/channel.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import type { NextState } from "../../src/core/delivery.ts";
import type { CrmRecord } from "../../src/core/record.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { channelRow } from "../support/channel-row.ts";
import { newDelivery } from "../support/new-delivery.ts";
import { claimWith } from "../support/claims.ts";
import { accessCases } from "./store-access.ts";
import { censusCases } from "./store-census.ts";
import { claimCases } from "./store-claims.ts";
import { credentialCases } from "./store-credentials.ts";
import { holderCases } from "./store-holders.ts";
import { lifecycleCases } from "./store-lifecycle.ts";
import { metadataCases } from "./store-metadata.ts";
import { recordCases } from "./store-records.ts";
import { renewalCases } from "./store-renewal.ts";
import { attemptEntry } from "../support/attempt-entry.ts";

export type OpenStore = () => Promise<Store>;

const org = { zgid: "554023000", name: "Acme", timeZone: "Asia/Kolkata", currency: "USD", createdAt: 1 };
const record: CrmRecord = {
  id: "554023000100000001",
  module: "Deals",
  values: { Deal_Name: "Renewal", Amount: 12.5, Tag: [{ name: "a" }] },
  createdAt: 10,
  createdBy: "5",
  modifiedAt: 10,
  modifiedBy: "5",
};
const nothingSkipped = { orgs: [], channelKeys: [] };
/** More rows than any of these tests makes. */
const look = 1_000;

/** Runs the contract; `open` gives an empty store each time. */
export function storeContract(name: string, open: OpenStore): void {
  const storeTest = (title: string, body: (store: Store, orgKey: number) => Promise<void>): void => {
    void test(title, async () => {
      const store = await open();
      try {
        const { key } = await store.transaction(async (tx) => tx.orgs.insertOrg(org));
        await body(store, key);
      } finally {
        await store.close();
      }
    });
  };

  void describe(`store contract: ${name}`, () => {
    storeTest("what a transaction did is gone when it throws", async (store, key) => {
      const failing = store.transaction(async (tx) => {
        await tx.records.insert(key, record);
        throw new Error("stop");
      });
      await assert.rejects(failing, /stop/);
      assert.equal(await store.transaction(async (tx) => tx.records.get(key, "Deals", record.id)), null);
    });

    storeTest("a savepoint that throws undoes its own part, and the rest is kept", async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.records.insert(key, record);
        const inner = tx.savepoint(async () => {
          await tx.records.remove(key, record);
          throw new Error("stop");
        });
        await assert.rejects(inner, /stop/);
      });
      assert.deepEqual(await store.transaction(async (tx) => tx.records.get(key, "Deals", record.id)), record);
    });

    storeTest("a savepoint within a savepoint is undone alone", async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.savepoint(async () => {
          await tx.records.insert(key, record);
          await assert.rejects(
            tx.savepoint(async () => {
              await tx.records.remove(key, record);
              throw new Error("stop");
            }),
          );
        });
      });
      assert.deepEqual(await store.transaction(async (tx) => tx.records.get(key, "Deals", record.id)), record);
    });

    storeTest("a sequence begins at its start and goes on after what was taken", async (store, key) => {
      const taken = await store.transaction(async (tx) => [
        await tx.orgs.takeNumbers({ org: key, name: "record", start: 100, count: 3 }),
        await tx.orgs.takeNumbers({ org: key, name: "record", start: 100, count: 1 }),
        await tx.orgs.takeNumbers({ org: key, name: "user", start: 7, count: 1 }),
        await tx.orgs.takeNumbers({ org: key + 1, name: "record", start: 100, count: 1 }),
      ]);
      assert.deepEqual(taken, [100, 103, 7, 100]);
    });

    storeTest("a record that was removed is found no more, but still has its name", async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.records.insert(key, record);
        await tx.records.remove(key, { ...record, modifiedAt: 20 });
        assert.equal(await tx.records.get(key, "Deals", record.id), null);
        assert.deepEqual(await tx.records.list({ org: key, module: "Deals", sort: { by: "id", order: "asc" }, offset: 0, limit: 9 }), []);
        assert.deepEqual(await tx.records.valuesOf(key, "Deals", record.id), record.values);
      });
    });

    storeTest("records are listed by the column asked for, ties by id, a page at a time", async (store, key) => {
      const ids = await store.transaction(async (tx) => {
        for (const [index, createdAt] of [5, 3, 3, 9].entries()) await tx.records.insert(key, { ...record, id: `10${index}`, createdAt });
        const list = async (order: "asc" | "desc", offset: number) =>
          (await tx.records.list({ org: key, module: "Deals", sort: { by: "Created_Time", order }, offset, limit: 3 })).map(({ id }) => id);
        return [await list("asc", 0), await list("asc", 3), await list("desc", 0)];
      });
      assert.deepEqual(ids, [["101", "102", "100"], ["103"], ["103", "100", "102"]]);
    });

    storeTest("a record of one org or module is not seen from another", async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.records.insert(key, record);
        assert.equal(await tx.records.get(key + 1, "Deals", record.id), null);
        assert.equal(await tx.records.get(key, "Leads", record.id), null);
      });
    });

    storeTest("a channel is replaced whole, and found by its user and id", async (store, key) => {
      await store.transaction(async (tx) => {
        await tx.channels.put(channelOf(key, 1));
        const changed = { ...channelOf(key, 1), token: null, expiresAt: 99, isSecretShown: true };
        await tx.channels.put(changed);
        assert.deepEqual(await tx.channels.byChannelId(key, "5", "77"), changed);
        assert.deepEqual(await tx.channels.ofOrg(key), [changed]);
        const { key: channelKey, channelId, state, expiresAt, returnsValues, notifiesRelated, order, subscriptions } = changed;
        const watching = { key: channelKey, channelId, state, expiresAt, returnsValues, notifiesRelated, order, subscriptions };
        assert.deepEqual(await tx.channels.watching(key, channelKey - 1, 1), [watching]);
        assert.deepEqual(await tx.channels.watching(key, channelKey, 1), []);
        assert.equal(await tx.channels.byChannelId(key, "6", "77"), null);
        await tx.channels.remove(key, 1);
        assert.equal(await tx.channels.byKey(1), null);
      });
    });

    storeTest("deliveries are claimed the longest due first, and not again while the lease holds", async (store, key) => {
      await withDeliveries(store, key, async (tx, ids) => {
        const { claims } = await claimWith(tx, { now: 1_000, leaseUntil: 2_000, claimToken: "a", limit: 1, room: wholeRoom });
        assert.deepEqual(
          claims.map(({ deliveryId, claimToken, notifyUrl, secret }) => ({ deliveryId, claimToken, notifyUrl, secret })),
          [{ deliveryId: ids[0], claimToken: "a", notifyUrl: "http://127.0.0.1/?a=b", secret: "whsec_x" }],
        );
        assert.deepEqual(await claimedIds(tx, 1_500), [ids[1]]);
        assert.deepEqual(await claimedIds(tx, 2_000), [ids[0]]);
        const next = { status: "delivered", attempts: 1, dueAt: null } as const;
        assert.equal(await end(tx, { org: key, id: ids[0] ?? 0, claimToken: "a" }, next), null, "the first claim holds no more");
        assert.deepEqual((await end(tx, { org: key, id: ids[0] ?? 0, claimToken: "at 2000" }, next))?.health, newHealth(1));
      });
    });

    storeTest("a channel that is skipped neither gets claims nor sets the next due time", async (store, key) => {
      await withDeliveries(store, key, async (tx) => {
        const room = { ...wholeRoom, skipped: [[key, [1]] as const] };
        const claimed = await claimWith(tx, { now: 1_000, leaseUntil: 2_000, claimToken: "a", limit: 9, room });
        assert.deepEqual(claimed, { claims: [], passedOver: [] });
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [1] }), null);
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [2] }), 500);
      });
    });

    storeTest("an org without room gets no claims and sets no due time", async (store, key) => {
      await withDeliveries(store, key, async (tx) => {
        assert.deepEqual(await roomyClaim(tx, { orgs: [[key, 0]] }), { ids: [], passedOver: [] });
        assert.equal(await tx.deliveries.nextDueAt({ orgs: [key], channelKeys: [] }), null);
        assert.equal((await roomyClaim(tx, { orgs: [[key, 1]] })).ids.length, 1);
      });
    });

    storeTest("a claim takes no more than an origin or a channel has room for, and says what it passed over", async (store, key) => {
      await withDeliveries(store, key, async (tx, ids) => {
        await tx.channels.put({ ...channelOf(key, 2), channelId: "78", notifyUrl: "http://127.0.0.2/" });
        const other = newDelivery({ org: key, channelKey: 2, channelId: "78" });
        const elsewhere = await tx.deliveries.insert({ ...other, recordIds: ["9"], committedAt: 502 });
        const passedOver = [{ org: key, channelKey: 1, origin: "http://127.0.0.1" }];
        const full = await roomyClaim(tx, { origins: [["http://127.0.0.1", 0]], channels: [[2, 1]] });
        assert.deepEqual(full, { ids: [elsewhere], passedOver });
        assert.deepEqual(await roomyClaim(tx, { origins: [["http://127.0.0.1", 1]] }), { ids: ids.slice(0, 1), passedOver });
        assert.deepEqual(await roomyClaim(tx, { channels: [[1, 1]] }), { ids: ids.slice(1), passedOver: [] });
      });
    });

    storeTest("a settled delivery falls due no more, one to be retried does so at its time", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        await claimedIds(tx, 600);
        await settle(tx, { org: key, id: first, claimToken: "at 600" }, { status: "delivered", attempts: 1, dueAt: null });
        await settle(tx, { org: key, id: second, claimToken: "at 600" }, { status: "pending", attempts: 1, dueAt: 9_000 });
        assert.deepEqual(await claimedIds(tx, 8_999), []);
        assert.equal(await tx.deliveries.nextDueAt(nothingSkipped), 9_000);
        assert.deepEqual(await claimedIds(tx, 9_000), [second]);
        const done = await tx.deliveries.byId(key, first);
        assert.deepEqual([done?.status, done?.attempts, done?.dueAt, done?.settledAt], ["delivered", 1, null, 600]);
      });
    });

    storeTest("cancelling takes what is owed, of one module or of all", async (store, key) => {
      await withDeliveries(store, key, async (tx, ids) => {
        await tx.deliveries.insert(newDelivery({ org: key, committedAt: 502 }));
        await tx.deliveries.cancel({ org: key, channelKey: 1, module: "Leads", now: 700 });
        assert.deepEqual(await claimedIds(tx, 600), ids);
        await tx.deliveries.cancel({ org: key, channelKey: 1, module: null, now: 700 });
        const claim = { org: key, id: ids[0] ?? 0, claimToken: "at 600" };
        assert.equal(await end(tx, claim, { status: "dead", attempts: 1, dueAt: null }), null, "a claim holds nothing that was cancelled");
        assert.deepEqual(await claimedIds(tx, 99_999_999), []);
        assert.equal(await tx.deliveries.nextDueAt(nothingSkipped), null);
        const statuses = (await tx.deliveries.list(key, anyDelivery, look)).rows.map(({ status }) => status);
        assert.deepEqual(statuses, ["cancelled", "cancelled", "cancelled"]);
        await tx.deliveries.insert(newDelivery({ org: key, committedAt: 800 }));
        assert.equal((await claimedIds(tx, 800)).length, 1, "the line of a record is empty after it was cancelled");
      });
    });

    storeTest("what was claimed when the process ended is due again at the start, a retry keeps its time", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        await claimedIds(tx, 600);
        await settle(tx, { org: key, id: second, claimToken: "at 600" }, { status: "pending", attempts: 1, dueAt: 9_000 });
        await tx.deliveries.releaseAll(700);
        assert.deepEqual(await claimedIds(tx, 700), [first]);
      });
    });

    storeTest("a channel hears of a record in the order of the commits, and of others meanwhile", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        const later = await tx.deliveries.insert(newDelivery({ org: key, committedAt: 502 }));
        const last = await tx.deliveries.insert(newDelivery({ org: key, committedAt: 503 }));
        assert.equal((await tx.deliveries.byId(key, later))?.status, "waiting");
        assert.deepEqual(await claimedIds(tx, 600), [first, second]);
        await settle(tx, { org: key, id: first, claimToken: "at 600" }, { status: "pending", attempts: 1, dueAt: 700 });
        assert.deepEqual(await claimedIds(tx, 650), [], "one that will be tried again still stands before the rest");
        assert.deepEqual(await claimedIds(tx, 700), [first]);
        await settle(tx, { org: key, id: first, claimToken: "at 700" }, { status: "dead", attempts: 2, dueAt: null });
        assert.deepEqual(await claimedIds(tx, 701), [later]);
        await settle(tx, { org: key, id: later, claimToken: "at 701" }, { status: "delivered", attempts: 1, dueAt: null });
        assert.deepEqual(await claimedIds(tx, 702), [last]);
      });
    });

    storeTest("a delivery of several records waits for each of them, and blocks each of them", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        const both = await tx.deliveries.insert(newDelivery({ org: key, recordIds: ["9", "1", "5"], committedAt: 502 }));
        const behind = await tx.deliveries.insert(newDelivery({ org: key, recordIds: ["5"], committedAt: 503 }));
        assert.deepEqual(await claimedIds(tx, 600), [first, second]);
        await settle(tx, { org: key, id: first, claimToken: "at 600" }, { status: "delivered", attempts: 1, dueAt: null });
        assert.deepEqual(await claimedIds(tx, 601), []);
        await settle(tx, { org: key, id: second, claimToken: "at 600" }, { status: "delivered", attempts: 1, dueAt: null });
        assert.deepEqual(await claimedIds(tx, 602), [both]);
        await settle(tx, { org: key, id: both, claimToken: "at 602" }, { status: "delivered", attempts: 1, dueAt: null });
        assert.deepEqual(await claimedIds(tx, 603), [behind]);
      });
    });

    storeTest("the delivery log filters by channel, module, record, status and time, and pages by id", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        const list = async (filter: Partial<typeof anyDelivery> | Record<string, unknown>) =>
          (await tx.deliveries.list(key, { ...anyDelivery, ...filter }, look)).rows.map(({ id }) => id);
        assert.deepEqual(await list({}), [second, first]);
        assert.deepEqual(await list({ beforeId: second }), [first]);
        assert.deepEqual(await list({ recordId: "9" }), [first]);
        assert.deepEqual(await list({ recordId: "1" }), [second]);
        assert.deepEqual(await list({ from: 501 }), [second]);
        assert.deepEqual(await list({ until: 501 }), [first]);
        assert.deepEqual(await list({ status: "delivered" }), []);
        assert.deepEqual(await list({ module: "Leads" }), []);
        assert.deepEqual(await list({ channelId: "77", limit: 1 }), [second]);
      });
    });

    storeTest("a look into the delivery log ends after so many rows, found or not, and says where to go on", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0, second = 0]) => {
        const lookAt = async (filter: Record<string, unknown>, rowsLookedAt: number) => {
          const { rows, nextId } = await tx.deliveries.list(key, { ...anyDelivery, ...filter }, rowsLookedAt);
          return { ids: rows.map(({ id }) => id), nextId };
        };
        assert.deepEqual(await lookAt({ recordId: "9" }, 1), { ids: [], nextId: second });
        assert.deepEqual(await lookAt({ recordId: "9", beforeId: second }, 1), { ids: [first], nextId: first });
        assert.deepEqual(await lookAt({ recordId: "9", beforeId: first }, 1), { ids: [], nextId: null });
        assert.deepEqual(await lookAt({ recordId: "9" }, 3), { ids: [first], nextId: null });
        assert.deepEqual(await lookAt({ limit: 1 }, 3), { ids: [second], nextId: second });
        assert.deepEqual(await lookAt({ from: 501 }, 3), { ids: [second], nextId: null });
      });
    });

    storeTest("attempts are kept in order with their answers", async (store, key) => {
      await withDeliveries(store, key, async (tx, [first = 0]) => {
        const attempt = attemptEntry({ startedAt: 5, durationMs: 3, outcome: "retryable", httpStatus: 503, responseBody: "busy" });
        for (const attempts of [1, 2]) {
          const now = 600 * attempts;
          await claimedIds(tx, now);
          await end(tx, { org: key, id: first, claimToken: `at ${now}`, attempt }, { status: "pending", attempts, dueAt: 1_200 });
        }
        assert.deepEqual(await tx.deliveries.attemptsOf(key, first), [
          { ...attempt, number: 1 },
          { ...attempt, number: 2 },
        ]);
      });
    });

    for (const [title, body] of [...credentialCases, ...accessCases, ...holderCases, ...censusCases, ...claimCases]) storeTest(title, body);
    for (const [title, body] of [...recordCases, ...renewalCases, ...metadataCases, ...lifecycleCases]) storeTest(title, body);
  });
}

/** With something in each of its fields. */
export function channelOf(org: number, key: number): ChannelRow {
  const subscriptions = [{ module: "Deals", moduleId: "9", operations: ["update"], condition: null }] as const;
  return channelRow({ org, key, notifyUrl: "http://127.0.0.1/?a=b", token: "t", returnsValues: true, subscriptions });
}

/** Two deliveries of one channel, about different records, due at 500 and 501. */
async function withDeliveries(store: Store, org: number, body: (tx: Tx, ids: readonly number[]) => Promise<void>): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.channels.put(channelOf(org, 1));
    const ids = [
      await tx.deliveries.insert(newDelivery({ org })),
      await tx.deliveries.insert(newDelivery({ org, recordIds: ["1", "2"], committedAt: 501 })),
    ];
    await body(tx, ids);
  });
}

/** Claims what is due at `now` for 1,000 ms, under a token that says when. */
async function claimedIds(tx: Tx, now: number, limit = 9): Promise<readonly number[]> {
  const { claims } = await claimWith(tx, { now, leaseUntil: now + 1_000, claimToken: `at ${now}`, limit, room: wholeRoom });
  return claims.map(({ deliveryId }) => deliveryId);
}

/** Claims at 1,000, as far as there is room. */
async function roomyClaim(tx: Tx, room: Partial<ClaimRoom>): Promise<{ ids: readonly number[]; passedOver: readonly PassedOver[] }> {
  const order = { now: 1_000, leaseUntil: 2_000, claimToken: "a", limit: 9, room: { ...wholeRoom, ...room } };
  const { claims, passedOver } = await claimWith(tx, order);
  return { ids: claims.map(({ deliveryId }) => deliveryId), passedOver };
}

type HeldClaim = { readonly org: number; readonly id: number; readonly claimToken: string; readonly attempt?: AttemptEntry };

/** Ends a claim on one of the channel's deliveries at 600. */
async function end(tx: Tx, claim: HeldClaim, next: NextState): Promise<EndedClaim | null> {
  const { org, id: deliveryId, claimToken, attempt = null } = claim;
  const recordIds = JSON.stringify((await tx.deliveries.byId(org, deliveryId))?.recordIds);
  const [ended = null] = await tx.deliveries.settle([{ org, deliveryId, claimToken, channelKey: 1, recordIds, next, attempt }], 600);
  return ended;
}

async function settle(tx: Tx, claim: HeldClaim, next: NextState): Promise<void> {
  assert.ok((await end(tx, claim, next)) !== null, "the claim holds");
}
