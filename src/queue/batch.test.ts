import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import { claimOf, claimSecret } from "../../test/support/claims.ts";
import { parcelsOf, readBatch, writeBatch } from "./batch.ts";

test("a message says all of its claims but what is secret of their channels", () => {
  const claims = [
    claimOf({ deliveryId: 7, token: "of-the-channel", body: "{}", isTest: true }),
    claimOf({ deliveryId: 8, isReplay: true }),
  ];
  const text = writeBatch(claims, 1_000);
  assert.ok(![claimSecret, "of-the-channel", "127.0.0.1"].some((secret) => text.includes(secret)), text);
  const batch = readBatch(text);
  assert.ok(batch !== null);
  assert.equal(batch.claimToken, claims[0]?.claimToken);
  assert.equal(batch.claimedAt, 1_000);
  const said = claims.map(({ claimToken: _1, leaseUntil: _2, notifyUrl: _3, token: _4, secret: _5, previousSecret: _6, ...rest }) => rest);
  assert.deepEqual(batch.deliveries, said);
});

test("what is no message of ours is not read", () => {
  const good = JSON.parse(writeBatch([claimOf()], 1)) as unknown[];
  const entries = [[], [1], null, (good[4] as unknown[][])[0]?.with(8, "explode"), (good[4] as unknown[][])[0]?.with(9, 1)];
  const wrong = ["", "{}", "[]", "[2]", JSON.stringify(good.with(0, 2)), ...entries.map((entry) => JSON.stringify(good.with(4, [entry])))];
  for (const text of wrong) assert.equal(readBatch(text), null, text);
});

test("a message holds the deliveries of one shard, and no more than it may", () => {
  const many = Array.from({ length: limits.batchDeliveriesMax + 1 }, (_, index) => claimOf({ deliveryId: index + 1, org: 3 }));
  const long = claimOf({ org: 4, body: "x".repeat(limits.batchTextMax) });
  const parcels = parcelsOf([long, ...many, long, claimOf({ org: 3 + limits.queueShards })]);
  const sizes = parcels.map(({ shard, claims }) => `${String(shard)}:${String(claims.length)}`).toSorted();
  assert.deepEqual(sizes, [`3:${String(limits.batchDeliveriesMax)}`, "3:2", "4:1", "4:1"].toSorted());
});
