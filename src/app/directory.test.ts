import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { openTestStore } from "../../test/support/test-store.ts";
import { limits } from "../core/limits.ts";
import type { Caller } from "../core/principal.ts";
import type { Store, Tx } from "../store/store.ts";
import { Directory } from "./directory.ts";
import type { Job } from "./executor.ts";

const owner = { firstName: "Bo", lastName: "Owner", password: null };
const other = { ...acme, zgid: "554024000", name: "Other", users: [{ ...owner, email: "owner@other.example" }] };

function insertLead(caller: Caller, lastName: string): Job {
  return {
    name: "records.write",
    input: { caller, module: "Leads", operation: "insert", items: [{ Last_Name: lastName }], idInPath: null },
  };
}

/** Two orgs, and in the first one channel more than one step reads, all like the one that is subscribed. */
async function openWithManyChannels(store: Store): Promise<InThread> {
  const app = await InThread.open({ orgs: [acme, other] }, store);
  await app.subscribe("1", ["Leads.create"]);
  await store.transaction(async (tx) => {
    const [like] = await tx.channels.ofOrg(1);
    assert.ok(like !== undefined);
    for (let more = 1; more <= limits.channelsPerReadMax; more += 1) {
      const key = like.key + 1_000 + more;
      await tx.channels.put({ ...like, key, channelId: String(key), subscriptions: [], nextNoticeAt: null });
    }
    const key = like.key + 100_000;
    await tx.channels.put({ ...like, key, channelId: String(key), nextNoticeAt: null });
  });
  return app;
}

test("while an org's many channels are read its writes wait, others go on, and what changes meanwhile counts", async () => {
  const store = await openTestStore();
  await using app = await openWithManyChannels(store);
  // A process that has read nothing yet.
  const { executor } = new InThread(store);
  const others = { org: 2, userId: "554024000050000001" };
  const first = await executor.run(app.now, [insertLead(app.caller, "A"), insertLead(others, "B")]);
  assert.deepEqual(
    first.replies.map((reply) => [reply.ok, !reply.ok && reply.isTooEarly === true]),
    [
      [false, true],
      [true, false],
    ],
  );
  const paused = await executor.run(app.now, [{ name: "operate.steerChannel", input: { channelKey: 1, act: { kind: "pause" } } }]);
  assert.ok(paused.replies[0]?.ok);
  const second = await executor.run(app.now, [insertLead(app.caller, "A")]);
  assert.ok(second.replies[0]?.ok);
  assert.deepEqual(
    (await app.claims()).map(({ channelKey }) => channelKey),
    [100_001],
  );
});

test("an org whose channels others change while they are read is read at once the next time", async () => {
  const store = await openTestStore();
  await using _app = await openWithManyChannels(store);
  const directory = new Directory();
  await store.transaction(async (tx) => {
    assert.equal(await directory.readWatchers(at(tx, 1), 1, limits.channelsPerReadMax), false);
    assert.equal(await directory.readWatchers(at(tx, 2), 1, limits.channelsPerReadMax), true);
  });
});

test("a commit carries along only what was known as it was before it", async () => {
  const store = await openTestStore();
  await using _app = await InThread.open({ orgs: [acme] }, store);
  const directory = new Directory();
  await store.transaction(async (tx) => {
    const home = await directory.home(at(tx, 1), 1);
    directory.follow(new Map([[1, 2]]));
    assert.equal(await directory.home(at(tx, 2), 1), home);
    // Another process made the third, and this one the fourth without a look at the Home.
    directory.follow(new Map([[1, 4]]));
    assert.notEqual(await directory.home(at(tx, 4), 1), home);
  });
});

/** The transaction, as if the orgs stood at this epoch. */
function at(tx: Tx, epoch: number): Tx {
  return { ...tx, orgs: { ...tx.orgs, epoch: () => epoch } };
}
