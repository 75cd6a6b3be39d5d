/** What the claim's second statement makes of a lane that its first one found held. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { claimStatements } from "../../src/store/postgres/claim-statements.ts";
import { builderOver, postgresDatabase } from "../../src/store/postgres/database.ts";
import { openPool, openPostgresStore } from "../../src/store/postgres/open.ts";
import { Session } from "../../src/store/postgres/session.ts";
import { channelRow } from "../support/channel-row.ts";
import { newDelivery } from "../support/new-delivery.ts";
import { PostgresServer, query } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

/** How many lanes there are after a claim that had seen the channel held; `state`: what it is by then. */
async function lanesAfter(state: "active" | "paused"): Promise<number> {
  const url = await server.database();
  const store = await openPostgresStore({ url });
  const org = await store.transaction(async (tx) => {
    const { key } = await tx.orgs.insertOrg({ zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 });
    await tx.channels.put(channelRow({ org: key, state }));
    await tx.deliveries.insert(newDelivery({ org: key }));
    return key;
  });
  await store.close();
  const pool = openPool(url, 1);
  const client = await pool.connect();
  const session = new Session({ next: () => Promise.reject(new Error("no id is asked for")) });
  session.take(client);
  const { hold } = claimStatements(postgresDatabase(builderOver(pool), session));
  const order = { now: 1_000, leaseUntil: 61_000, claimToken: "t", limit: 1, room: wholeRoom };
  const lane = { org, channelKey: 1, firstAt: 500, target: null, due: [] };
  hold(order, [{ lane, rows: [], lookAt: null, isHeld: true }]);
  // What was posted is answered before.
  await session.say("select 1");
  client.release();
  await pool.end();
  return (await query(url, "select 1 from lanes")).length;
}

/**
 * 2026-11-26, found by `npm run chaos`: the claim looked with a snapshot in which the channel was paused, and locked its lane after it had been resumed
 * and the lane woken. It gave the lane up, and what was due in it was not looked at until something else was made for the channel.
 */
test("a lane that was let go since the claim looked stays, and one that is held is none", async () => {
  assert.equal(await lanesAfter("active"), 1);
  assert.equal(await lanesAfter("paused"), 0);
});
