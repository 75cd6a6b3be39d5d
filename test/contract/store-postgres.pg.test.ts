/** The store contract over PostgreSQL, and what only the shared store promises. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOf } from "../../src/core/commit-ids.ts";
import { type OrgKey, type User } from "../../src/core/org.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { StoreFault } from "../../src/store/store-fault.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { PostgresServer, query } from "../support/postgres.ts";
import { storeContract } from "./store.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

storeContract("PostgreSQL", async () => openPostgresStore({ url: await server.database(), connectionsMax: 2 }));

const org = { zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 };
const change = {
  module: "Leads",
  recordId: "9",
  operation: "update",
  changedFields: [],
  by: "5",
  before: null,
  after: null,
  related: [],
} as const;
const user: User = {
  id: "5",
  email: "ada@acme.example",
  firstName: null,
  lastName: "Owner",
  status: "active",
  more: {},
  createdAt: 1,
  createdBy: null,
  modifiedAt: 1,
  modifiedBy: null,
};

/** Two stores of one database, as two processes have them, and an org in it. */
async function withTwo(body: (one: Store, other: Store, key: OrgKey) => Promise<void>): Promise<void> {
  const url = await server.database();
  const [one, other] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
  try {
    const { key } = await one.transaction(async (tx) => tx.orgs.insertOrg(org));
    await body(one, other, key);
  } finally {
    await one.close();
    await other.close();
  }
}

test("several processes that start at once make the schema once", async () => {
  const url = await server.bareDatabase();
  const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgresStore({ url })));
  assert.deepEqual(await stores[3]?.transaction(async (tx) => tx.orgs.allOrgs()), []);
  for (const store of stores) await store.close();
});

test("a schema that is newer than the program is refused in words", async () => {
  const url = await server.database();
  await query(url, "insert into kysely_migration values ('0099_later', '2030-01-01T00:00:00Z')");
  await assert.rejects(openPostgresStore({ url }), /its schema is newer than this program: it has 0099_later/);
});

test("a transaction fails by what failed in it, also where nobody waited for that, and the next one goes on", async () => {
  await withTwo(async (one, other, key) => {
    const stamps = { createdAt: 1, createdBy: "5", modifiedAt: 1, modifiedBy: "5" };
    const insert = async (tx: Tx) => tx.records.insert(key, { id: "9", module: "Leads", values: {}, ...stamps });
    await one.transaction(insert);
    await assert.rejects(other.transaction(insert), /duplicate key/);
    await assert.rejects(
      other.transaction(async (tx) => {
        await insert(tx);
        await tx.orgs.allOrgs();
      }),
      /duplicate key/,
    );
    assert.equal((await other.transaction(async (tx) => tx.orgs.allOrgs())).length, 1);
  });
});

test("ids of an org grow over all processes, also where one's clock is behind", async () => {
  await withTwo(async (one, other, key) => {
    const insert = (store: Store, at: number) => store.transaction(async (tx) => tx.changes.insert(key, { ...change, at }, null));
    const ids = [await insert(one, 5_000), await insert(other, 1_000), await insert(one, 2_000)];
    assert.deepEqual(
      ids,
      ids.toSorted((before, after) => before - after),
    );
    assert.deepEqual(ids.map(instantOf), [5_000, 5_000, 5_000]);
  });
});

test("writes of one org wait for each other, those of another do not", async () => {
  await withTwo(async (one, other, key) => {
    const second = await one.transaction(async (tx) => tx.orgs.insertOrg({ ...org, zgid: "2" }));
    const order: string[] = [];
    const waiting: Promise<void>[] = [];
    await one.transaction(async (tx) => {
      await tx.changes.insert(key, { ...change, at: 1 }, null);
      waiting.push(
        other
          .transaction(async (inner) => void (await inner.changes.insert(key, { ...change, at: 1 }, null)))
          .then(() => void order.push("same")),
      );
      await other.transaction(async (inner) => inner.changes.insert(second.key, { ...change, at: 1 }, null));
      order.push("another");
    });
    await Promise.all(waiting);
    assert.deepEqual(order, ["another", "same"]);
  });
});

/**
 * 2026-11-26, found by `npm run chaos`: ids grew in each org by itself, so that deliveries of two orgs could have one id: their receivers took them
 * for one by their `webhook-id`, and a claim of the one hid the other when it was asked what else is due in a lane.
 */
test("no two processes give the same id, in whatever orgs they give them, at the same instant", async () => {
  await withTwo(async (one, other, key) => {
    const second = await one.transaction(async (tx) => tx.orgs.insertOrg({ ...org, zgid: "2" }));
    const give = (store: Store, orgKey: OrgKey): Promise<readonly number[]> =>
      store.transaction(async (tx) => {
        const ids: number[] = [];
        for (let count = 0; count < 50; count += 1) ids.push(await tx.changes.insert(orgKey, { ...change, at: 5_000 }, null));
        return ids;
      });
    const given = await Promise.all([give(one, key), give(other, second.key), give(one, second.key), give(other, key)]);
    assert.equal(new Set(given.flat()).size, 200);
    for (const ids of given) assert.ok(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0)));
  });
});

test("what changes users raises the org's epoch for every process, other writes leave it", async () => {
  await withTwo(async (one, other, key) => {
    const epoch = () => other.transaction(async (tx) => tx.orgs.epoch(key), "read");
    const before = await epoch();
    await one.transaction(async (tx) => void (await tx.changes.insert(key, { ...change, at: 1 }, null)));
    assert.equal(await epoch(), before);
    const raised = await one.transaction(async (tx) => {
      await tx.orgs.insertUser(key, user);
      return tx.orgs.raisedEpochs();
    });
    assert.deepEqual([...raised], [[key, before + 1]]);
    assert.equal(await epoch(), before + 1);
  });
});

test("a transaction that means to read writes nothing", async () => {
  await withTwo(async (one) => {
    const writing = one.transaction(async (tx) => tx.settings.put("heartbeat", "1"), "read");
    await assert.rejects(writing, /read-only/);
    assert.equal(await one.transaction(async (tx) => tx.settings.get("heartbeat")), null);
  });
});

test("of two transactions that wait for each other one is given up as a conflict, which may run again", async () => {
  await withTwo(async (one, other, key) => {
    const second = await one.transaction(async (tx) => tx.orgs.insertOrg({ ...org, zgid: "2" }));
    const [first, then] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const cross = async (tx: Tx, orgs: readonly OrgKey[], { taken, wait }: { taken: () => void; wait: Promise<void> }): Promise<void> => {
      await tx.orgs.hold(orgs.slice(0, 1));
      taken();
      await wait;
      await tx.orgs.hold(orgs.slice(1));
    };
    const outcomes = await Promise.allSettled([
      one.transaction(async (tx) => cross(tx, [key, second.key], { taken: first.resolve, wait: then.promise })),
      other.transaction(async (tx) => cross(tx, [second.key, key], { taken: then.resolve, wait: first.promise })),
    ]);
    const faults = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    assert.equal(faults.length, 1);
    assert.ok(faults[0] instanceof StoreFault && faults[0].isConflict && faults[0].retryable);
  });
});

test("a text with a NUL, and JSON that holds one or half a pair, is kept and found all the same", async () => {
  await withTwo(async (one, _other, key) => {
    const values = { Odd: "a\0b\u{D800}c", Email: "Ada@Acme.example" };
    const record = { id: "9", module: "Leads", values, createdAt: 1, createdBy: "5", modifiedAt: 1, modifiedBy: "5" };
    await one.transaction(async (tx) => {
      await tx.records.insert(key, record);
      assert.deepEqual(await tx.records.get(key, "Leads", "9"), record);
      const asked = { org: key, module: "Leads", field: "Email", keys: ["ada@acme.example"] };
      assert.deepEqual(await tx.records.holders(asked), [{ key: "ada@acme.example", id: "9" }]);
      assert.equal(await tx.credentials.client("a\0b"), null);
    });
  });
});

test("a server that is ended in the middle of a transaction leaves nothing of it, and the store goes on with the next one", async () => {
  await withTwo(async (one, _other, key) => {
    const broken = one.transaction(async (tx) => {
      await tx.changes.insert(key, { ...change, at: 1 }, null);
      await server.halt();
      await tx.changes.insert(key, { ...change, at: 2 }, null);
    });
    await assert.rejects(broken, (fault) => fault instanceof StoreFault && fault.retryable && !fault.isConflict);
    await server.run();
    const range = { fromId: 0, untilId: 9_000_000, limit: 9 };
    assert.deepEqual(await one.transaction(async (tx) => tx.changes.after(key, range)), []);
  });
});

test("history has a partition for each day, made ahead, and a day that is older than it is kept is dropped whole", async () => {
  const url = await server.database();
  const store = await openPostgresStore({ url });
  const dayMs = 86_400_000;
  const partitions = async () =>
    (await query(url, "select relname::text as name from pg_class where relname like 'changes_day_%' and relkind = 'r' order by 1")).map(
      ({ name }) => name,
    );
  try {
    const { key } = await store.transaction(async (tx) => tx.orgs.insertOrg(org));
    const arrange = (now: number, before: number) => store.transaction(async (tx) => tx.retention.arrange({ now, before }));
    await arrange(100 * dayMs, 0);
    await arrange(100 * dayMs + 1, 0);
    assert.deepEqual(await partitions(), ["changes_day_100", "changes_day_101", "changes_day_102"]);
    const insert = (at: number) => store.transaction(async (tx) => tx.changes.insert(key, { ...change, at }, null));
    const ids = [await insert(100 * dayMs), await insert(101 * dayMs), await insert(110 * dayMs)];
    const kept = async () => {
      const rows = await store.transaction(async (tx) => tx.changes.after(key, { fromId: 0, untilId: Number.MAX_SAFE_INTEGER, limit: 9 }));
      return rows.map(({ id }) => id);
    };
    assert.deepEqual(await kept(), ids);
    assert.deepEqual(
      await query(url, "select count(*)::int as count from changes_rest"),
      [{ count: 1 }],
      "a day without a partition is among the rest",
    );
    await arrange(110 * dayMs, 101 * dayMs);
    assert.deepEqual(await partitions(), ["changes_day_101", "changes_day_102", "changes_day_111", "changes_day_112"]);
    assert.deepEqual(await kept(), ids.slice(1));
  } finally {
    await store.close();
  }
});
