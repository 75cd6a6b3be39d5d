import assert from "node:assert/strict";
import { test } from "node:test";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { deliveryOf } from "../bench/filling.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { PostgresServer, query } from "../support/postgres.ts";
import { countStatements } from "./statements.ts";

const server = await PostgresServer.start(["shared_preload_libraries=pg_stat_statements"]);
test.after(() => server[Symbol.asyncDispose]());

const edits = 200;
const atOnce = 50;

test(`${String(edits)} edits, ${String(atOnce)} at a time, cost less than 0.3 statements each, from the change to the end of its delivery`, async () => {
  const load = { edits, atOnce, queueOver: (engine: Parameters<typeof storeQueue>[0]) => Promise.resolve(storeQueue(engine)) };
  const { calls, what } = await countStatements(await server.database(), load);
  assert.ok(calls < edits * 0.3, `${String(calls)} statements:\n${what}`);
});

test("a claim looks at no more of what is due than its org has room for", async () => {
  const url = await server.database();
  await query(url, "create extension if not exists pg_stat_statements");
  const store = await openPostgresStore({ url });
  const due = [1, 2].flatMap((key) => Array.from({ length: 20 }, () => ({ key, channelId: `7${String(key)}` })));
  const claimed = await store.transaction(async (tx) => {
    const { key: org } = await tx.orgs.insertOrg({ zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 });
    for (const key of [1, 2]) await tx.channels.put(channelRow({ org, key, channelId: `7${String(key)}` }));
    for (const [index, channel] of due.entries()) await tx.deliveries.insert(deliveryOf(channel, index + 1, 500));
    const room = { ...wholeRoom, orgs: [[org, 5]] as const };
    return claimWith(tx, { now: 1_000, leaseUntil: 61_000, claimToken: "one", limit: 100, room });
  });
  assert.equal(claimed.claims.length, 5);
  const [looked] = await query(url, "select calls, rows from pg_stat_statements where query like '%skip locked%order by a.turn%'");
  assert.deepEqual([looked?.["calls"], looked?.["rows"]].map(Number), [1, 5]);
  await store.close();
});
