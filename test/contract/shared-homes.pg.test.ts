/** What a process remembers of an org is what the org is, whoever changed it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { settlementOf } from "../../src/core/attempt.ts";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { InThread } from "../support/in-thread.ts";
import { PostgresServer } from "../support/postgres.ts";
import { attemptEntry } from "../support/attempt-entry.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

/**
 * 2026-11-26, found by `npm run chaos`: a settlement that changes a channel's health raises the org's epoch without looking at the Home, and what the
 * process knew of it passed for new then. A channel that another process had made in between heard nothing.
 */
test("a channel that another process made is heard, also after a settlement that raised the epoch unseen", async () => {
  const url = await server.database();
  await using one = await InThread.open(undefined, await openPostgresStore({ url }));
  await using other = new InThread(await openPostgresStore({ url }));
  await one.subscribe("1", ["Leads.create"]);
  await one.write("Leads", "insert", { Last_Name: "First" });
  const claims = await one.claims();
  assert.equal(claims.length, 1);
  await other.subscribe("2", ["Leads.create"]);
  const attempt = attemptEntry({ outcome: "retryable", httpStatus: 503 });
  await one.run("dispatch.settle", {
    settlements: claims.map((claim) => settlementOf(claim, { end: "retryable", attempt, retryAfterMs: null })),
  });
  await one.write("Leads", "insert", { Last_Name: "Second" });
  assert.deepEqual((await one.claims()).map(({ channelId }) => channelId).toSorted(), ["1", "2"]);
});
