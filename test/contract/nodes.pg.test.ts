/** What the store promises to the processes that share it: what a dead one leaves, and that one leads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { newDelivery } from "../support/new-delivery.ts";
import { PostgresServer } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

async function withStore(body: (store: Store) => Promise<void>): Promise<void> {
  const store = await openPostgresStore({ url: await server.database() });
  try {
    await store.transaction(async (tx) => {
      for (const id of ["one", "other"]) await tx.nodes.join({ id, roles: "all", joinedAt: 1 });
    });
    await body(store);
  } finally {
    await store.close();
  }
}

/** Two deliveries of one channel, of which each node claims one. */
async function claimOneEach(tx: Tx): Promise<number> {
  const { key } = await tx.orgs.insertOrg({ zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 });
  await tx.channels.put(channelRow({ org: key }));
  for (const recordId of ["8", "9"]) await tx.deliveries.insert(newDelivery({ org: key, recordIds: [recordId] }));
  for (const node of ["one", "other"]) {
    const order = { now: 1_000, leaseUntil: 61_000, claimToken: `${node}.token`, limit: 1, room: wholeRoom };
    assert.equal((await claimWith(tx, order)).claims.length, 1);
  }
  return key;
}

const gone = { id: "one", now: 2_000, leaseUntil: 122_000 };

test("what a node had claimed is due when it is removed, and nothing of another's", () =>
  withStore(async (store) => {
    await store.transaction(claimOneEach);
    assert.equal(await store.transaction(async (tx) => tx.nodes.remove({ ...gone, beats: 0 })), 1);
    const { claims } = await store.transaction(async (tx) =>
      claimWith(tx, { now: 2_000, leaseUntil: 62_000, claimToken: "other.again", limit: 9, room: wholeRoom }),
    );
    assert.deepEqual(
      claims.map(({ recordIds }) => recordIds),
      ['["8"]'],
    );
    assert.equal(await store.transaction(async (tx) => tx.nodes.remove({ ...gone, beats: 0 })), null, "it is removed once");
  }));

test("what was claimed under a token that nobody settles is due when it is given back, and nothing of another's", () =>
  withStore(async (store) => {
    await store.transaction(claimOneEach);
    const free = (tokens: readonly string[]) => store.transaction(async (tx) => tx.nodes.free({ tokens, now: 2_000, leaseUntil: 122_000 }));
    assert.equal(await free(["one.token", "nobody.token"]), 1);
    assert.equal(await free(["one.token"]), 0, "twice is fine");
    const { claims } = await store.transaction(async (tx) =>
      claimWith(tx, { now: 2_000, leaseUntil: 62_000, claimToken: "other.again", limit: 9, room: wholeRoom }),
    );
    assert.deepEqual(
      claims.map(({ recordIds }) => recordIds),
      ['["8"]'],
    );
  }));

test("a claim that a node took over under a renewed token is due when that node is removed, and not when another is", () =>
  withStore(async (store) => {
    const org = await store.transaction(claimOneEach);
    const isRenewed = await store.transaction(async (tx) => {
      const { claims } = await claimWith(tx, { now: 70_000, leaseUntil: 92_000, claimToken: "message", limit: 1, room: wholeRoom });
      const [claim] = claims;
      const renewed = [{ org, deliveryId: claim?.deliveryId ?? 0, claimToken: "message" }];
      await tx.deliveries.renew({ claims: renewed, leaseUntil: 115_000, prefix: "other.", suffix: "~a" });
      return (await tx.deliveries.renew({ claims: renewed, leaseUntil: 115_000, prefix: "one.", suffix: "~b" })).held;
    });
    assert.deepEqual(isRenewed, [true]);
    const remove = (id: string) => store.transaction(async (tx) => tx.nodes.remove({ id, beats: 0, now: 71_000, leaseUntil: 191_000 }));
    assert.equal(await remove("other"), 0);
    assert.equal(await remove("one"), 1);
  }));

test("a node that has given a sign of life since is not removed, and one that was removed gives no more", () =>
  withStore(async (store) => {
    assert.equal(await store.transaction(async (tx) => tx.nodes.beat("one")), true);
    assert.equal(await store.transaction(async (tx) => tx.nodes.remove({ ...gone, beats: 0 })), null);
    assert.equal(await store.transaction(async (tx) => tx.nodes.remove({ ...gone, beats: 1 })), 0);
    assert.equal(await store.transaction(async (tx) => tx.nodes.beat("one")), false);
    const left = await store.transaction(async (tx) => tx.nodes.all());
    assert.deepEqual(left, [{ id: "other", roles: "all", beats: 0 }]);
  }));

test("one node leads until it gives the lead up or is removed, and whoever takes it waits for the step under way", () =>
  withStore(async (store) => {
    const take = (id: string) => store.transaction(async (tx) => tx.nodes.takeLead(id));
    assert.equal(await take("one"), "one");
    assert.equal(await take("other"), "one");
    const done: string[] = [];
    let removal: Promise<void> = Promise.resolve();
    await store.transaction(async (tx) => {
      assert.equal(await tx.nodes.holdLead("one"), true);
      removal = store.transaction(async (inner) => inner.nodes.remove({ ...gone, beats: null })).then(() => void done.push("removed"));
      assert.equal(await take("other"), "one", "it leads as long as its step is under way");
      done.push("step");
    });
    await removal;
    assert.deepEqual(done, ["step", "removed"]);
    assert.equal(await store.transaction(async (tx) => tx.nodes.holdLead("one")), false);
    assert.equal(await take("other"), "other");
    await store.transaction(async (tx) => tx.nodes.giveUpLead("one"));
    assert.equal(await store.transaction(async (tx) => tx.nodes.holdLead("other")), true, "nobody gives up another's lead");
  }));
