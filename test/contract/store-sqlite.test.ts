/** The store contract over SQLite, and what only the embedded store promises. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Migrator } from "kysely/migration";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { Hand } from "../../src/core/hand.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";
import { first } from "../../src/store/sqlite/migrations/0001-first.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { claimWith } from "../support/claims.ts";
import { TemporaryFolder } from "../support/process.ts";
import { channelOf, storeContract } from "./store.ts";
import { newDelivery } from "../support/new-delivery.ts";

const org = { zgid: "1", name: "Acme", timeZone: "UTC", currency: "USD", createdAt: 1 };

storeContract("sqlite in memory", () => openSqliteStore(null));

const folders: TemporaryFolder[] = [];
storeContract("sqlite in a file", () => {
  const folder = new TemporaryFolder();
  folders.push(folder);
  return openSqliteStore(folder.path);
});
test.after(() => {
  for (const folder of folders) folder[Symbol.dispose]();
});

test("what was committed is there when the file is opened again, and ids go on growing", async () => {
  using folder = new TemporaryFolder();
  const first = await openSqliteStore(folder.path);
  const id = await first.transaction(async (tx) => {
    const { key } = await tx.orgs.insertOrg(org);
    return tx.deliveries.insert(newDelivery({ org: key, committedAt: 2_000 }));
  });
  await first.close();
  const second = await openSqliteStore(folder.path);
  const later = await second.transaction(async (tx) => {
    const found = await tx.orgs.orgByZgid("1");
    assert.ok(found !== null);
    return tx.deliveries.insert(newDelivery({ org: found.key, committedAt: 1_000 }));
  });
  await second.close();
  assert.ok(later > id, "the clock was set back, the id was not");
});

test("what was in hand when the process ended is due at the next start, and stands before what comes of its record", async () => {
  using folder = new TemporaryFolder();
  const orderAt = (now: number) => ({ now, leaseUntil: now + 60_000, claimToken: `at ${now}`, limit: 9, room: wholeRoom });
  const before = await openSqliteStore(folder.path);
  const { delivery, taken } = await before.transaction(async (tx) => {
    const { key } = await tx.orgs.insertOrg(org);
    await tx.channels.put(channelOf(key, 1));
    const hand = new Hand(orderAt(500), { takesNew: true });
    const made = newDelivery({ org: key });
    return { delivery: made, taken: await tx.deliveries.insert(made, hand) };
  });
  await before.close();
  const after = await openSqliteStore(folder.path);
  await after.transaction(async (tx) => {
    await tx.deliveries.releaseAll(600);
    assert.equal(await tx.deliveries.nextDueAt({ orgs: [], channelKeys: [] }), 600);
    const behind = await tx.deliveries.insert({ ...delivery, committedAt: 600 });
    assert.equal((await tx.deliveries.byId(delivery.org, behind))?.status, "waiting");
    const { claims } = await claimWith(tx, orderAt(600));
    assert.deepEqual(
      claims.map(({ deliveryId, attemptsMade }) => [deliveryId, attemptsMade]),
      [[taken, 0]],
    );
  });
  await after.close();
});

test("a second store on the same folder is refused in words", async () => {
  using folder = new TemporaryFolder();
  const store = await openSqliteStore(folder.path);
  await assert.rejects(openSqliteStore(folder.path), /is in use by another Watchpost/);
  await store.close();
  await (await openSqliteStore(folder.path)).close();
});

test("a folder that cannot be made and a file that is no database are refused in words", async () => {
  using folder = new TemporaryFolder();
  await assert.rejects(openSqliteStore(join(folder.file("plain", "text"), "data")), /cannot be made/);
  writeFileSync(join(folder.path, "watchpost.sqlite"), "this is no database, whatever its name says");
  await assert.rejects(openSqliteStore(folder.path), /cannot be opened/);
  assert.match(readFileSync(join(folder.path, "watchpost.sqlite"), "utf8"), /no database/);
});

test("a status that is no state, or a claim without a due time, is refused by the schema", async () => {
  const store = await openSqliteStore(null);
  await store.transaction(async (tx) => {
    const { key } = await tx.orgs.insertOrg(org);
    await tx.channels.put(channelOf(key, 1));
    await tx.deliveries.insert(newDelivery({ org: key, committedAt: 1 }));
    const { claims } = await claimWith(tx, { now: 1, leaseUntil: 2, claimToken: "a", limit: 1, room: wholeRoom });
    const next = { status: "delivered", attempts: 1, dueAt: 5 } as const;
    assert.throws(
      () =>
        tx.deliveries.settle(
          claims.map((claim) => ({ ...claim, next, attempt: null })),
          1,
        ),
      /CHECK constraint failed/,
    );
  });
  await store.close();
});

test("a store of before lifecycle events keeps its channels, and begins their series with what is due", async () => {
  using folder = new TemporaryFolder();
  const path = join(folder.path, "watchpost.sqlite");
  const old = openDatabase(path);
  const provider = { getMigrations: () => Promise.resolve({ "0001_first": first }) };
  assert.equal((await new Migrator({ db: old.builder, provider }).migrateToLatest()).error, undefined);
  old.connection
    .exec(`insert into channels values (1, 3, '5', '77', 'http://127.0.0.1/', null, 'whsec_x', 0, null, null, 'active', null, 1, null,
    ${5 * 86_400_000}, 0, 0, '[]', 1, 1)`);
  old.connection.close();
  const store = await openSqliteStore(folder.path);
  const [channel] = await store.transaction(async (tx) => tx.channels.withNoticeDue(4 * 86_400_000, 9));
  assert.deepEqual([channel?.key, channel?.kind, channel?.nextNoticeAt], [3, "client", 4 * 86_400_000]);
  await store.close();
});
