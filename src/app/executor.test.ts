import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import type { Claim } from "../core/attempt.ts";
import { wholeRoom } from "../core/claim-room.ts";
import { limits } from "../core/limits.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { StoreFault } from "../store/store-fault.ts";
import type { Store } from "../store/store.ts";
import type { Output } from "./commands.ts";
import type { Job, Reply } from "./executor.ts";

function insertLead(app: InThread, lastName: string): Job {
  const items = [{ Last_Name: lastName }];
  return { name: "records.write", input: { caller: app.caller, module: "Leads", operation: "insert", items, idInPath: null } };
}

/** No such org: the command meets a broken invariant. */
const faulty: Job = { name: "org.get", input: { caller: { org: 99, userId: "1" } } };

/** A store whose commits fail while the disk is full. */
async function storeOn(disk: { readonly isFull: boolean }): Promise<Store> {
  const inner = await openSqliteStore(null);
  return {
    undo: inner.undo,
    transaction: (work) =>
      inner.transaction(async (tx) => {
        const result = await work(tx);
        if (disk.isFull) throw new Error("disk I/O error");
        return result;
      }),
    close: () => inner.close(),
  };
}

test("the commands of a batch share one transaction, and a faulty one loses only its own part", async () => {
  await using app = await InThread.open();
  const { replies } = await app.executor.run(app.now, [insertLead(app, "First"), faulty, insertLead(app, "Second")]);
  assert.deepEqual(
    replies.map((reply) => reply.ok),
    [true, false, true],
  );
  const page = await app.run("records.list", {
    caller: app.caller,
    module: "Leads",
    fields: ["Last_Name"],
    ids: null,
    sortBy: "id",
    sortOrder: "asc",
    page: { page: 1, perPage: 10 },
  });
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.rows.map((row): unknown => Reflect.get(Object(row), "Last_Name")),
    ["First", "Second"],
  );
});

test("a commit that fails fails every command of the batch, and the next batch works", async () => {
  const disk = { isFull: false };
  await using app = await InThread.open({ orgs: [acme] }, await storeOn(disk));
  disk.isFull = true;
  const failed = await app.executor.run(app.now, [insertLead(app, "Lost"), insertLead(app, "Lost too")]);
  assert.deepEqual(
    failed.replies.map((reply) => reply.ok),
    [false, false],
  );
  assert.equal(failed.isDeliveryDue, false);
  disk.isFull = false;
  const id = await app.write("Leads", "insert", { Last_Name: "Kept" });
  assert.equal(id, "554023000100000001", "the numbers that were taken went back with the transaction");
});

test("a subscription whose commit failed watches nothing afterwards", async () => {
  const disk = { isFull: false };
  await using app = await InThread.open({ orgs: [acme] }, await storeOn(disk));
  disk.isFull = true;
  const item = { channel_id: "1", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" };
  await app.executor.run(app.now, [{ name: "watch.write", input: { caller: app.caller, version: "v6", mode: "enable", items: [item] } }]);
  disk.isFull = false;
  await app.write("Leads", "insert", { Last_Name: "Unwatched" });
  assert.deepEqual(await app.claims(), []);
});

test("a batch says whether it made a delivery", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  assert.equal((await app.executor.run(app.now, [insertLead(app, "Watched")])).isDeliveryDue, true);
  assert.equal((await app.executor.run(app.now, [{ name: "org.get", input: { caller: app.caller } }])).isDeliveryDue, false);
});

test("where a command cannot be undone alone, a batch with a faulty one is given up and each runs again in its own transaction", async () => {
  const inner = await openSqliteStore(null);
  const transactions: number[] = [];
  const store: Store = {
    undo: "rerun",
    transaction: (work) => {
      transactions.push(0);
      return inner.transaction(work);
    },
    close: () => inner.close(),
  };
  await using app = await InThread.open(undefined, store);
  transactions.length = 0;
  const { replies, report } = await app.executor.run(app.now, [insertLead(app, "One"), faulty, insertLead(app, "Two")]);
  assert.deepEqual(
    replies.map(({ ok }) => ok),
    [true, false, true],
  );
  assert.equal(transactions.length, 4, "the batch, and each of its commands");
  assert.deepEqual([report.commands, report.tally.recordsWritten, report.fault], [3, 2, null]);
});

test("a command that stood in another's way runs again, and after a few times is told to come again", async () => {
  const inner = await openSqliteStore(null);
  let conflicts = 0;
  let left = 0;
  const store: Store = {
    undo: "rerun",
    transaction: (work) =>
      inner.transaction(async (tx) => {
        const result = await work(tx);
        if (left > 0) {
          left -= 1;
          conflicts += 1;
          throw new StoreFault("in the way", { retryable: true, isConflict: true });
        }
        return result;
      }),
    close: () => inner.close(),
  };
  await using app = await InThread.open(undefined, store);
  left = 2;
  assert.ok((await app.executor.run(app.now, [insertLead(app, "One")])).replies[0]?.ok);
  assert.equal(conflicts, 2);
  left = 1_000;
  const [reply] = (await app.executor.run(app.now, [insertLead(app, "Two")])).replies;
  assert.ok(reply?.ok === false && reply.isRetryable, "a fault that passes");
  assert.equal(1_000 - left, limits.conflictRerunsMax + 1);
});

const claim: Job = { name: "dispatch.claim", input: { limit: 9, leaseMs: 60_000, room: wholeRoom } };

function claimedBy(replies: readonly Reply[]): readonly Claim[] {
  return replies.flatMap((reply) =>
    reply.ok && "claims" in Object(reply.output) ? (reply.output as Output<"dispatch.claim">).claims : [],
  );
}

test("what a batch makes is claimed in it, and nothing is left that is due", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const done = await app.executor.run(app.now, [insertLead(app, "One"), insertLead(app, "Two"), claim]);
  assert.deepEqual(
    claimedBy(done.replies).map(({ committedAt, leaseUntil }) => [committedAt, leaseUntil]),
    [
      [app.now, app.now + 60_000],
      [app.now, app.now + 60_000],
    ],
  );
  assert.deepEqual([done.isDeliveryDue, done.isClaimDue, done.isAnyLeft], [true, false, false]);
  assert.deepEqual(await app.claims(), []);
});

test("what is made behind the claim of its batch is not claimed by it, and is said to be due", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const done = await app.executor.run(app.now, [insertLead(app, "One"), claim, insertLead(app, "Two")]);
  assert.equal(claimedBy(done.replies).length, 1);
  assert.equal(done.isClaimDue, true);
  assert.equal((await app.claims()).length, 1);
});

test("a batch with a faulty command claims what the others made, once, and nothing that was undone", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const done = await app.executor.run(app.now, [insertLead(app, "One"), faulty, insertLead(app, "Two"), claim]);
  assert.deepEqual(
    done.replies.map(({ ok }) => ok),
    [true, false, true, true],
  );
  const claimed = claimedBy(done.replies);
  assert.equal(new Set(claimed.map(({ deliveryId }) => deliveryId)).size, 2);
  for (const { deliveryId, claimToken } of claimed) {
    const found = await app.run("operate.delivery", { id: deliveryId });
    assert.equal(found?.delivery.status, "claimed");
    assert.equal(claimToken, claimed[0]?.claimToken);
  }
  assert.deepEqual(await app.claims(), []);
});

test("where the claim of a batch fails, what the batch made is due at once, for no lease to be waited for", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["Leads.create"]);
  const broken = { ...claim, input: { ...claim.input, leaseMs: Number.NaN } } as Job;
  const done = await app.executor.run(app.now, [insertLead(app, "One"), broken]);
  assert.deepEqual(
    done.replies.map(({ ok }) => ok),
    [true, false],
  );
  assert.equal(done.isClaimDue, true);
  assert.equal((await app.claims()).length, 1);
});
