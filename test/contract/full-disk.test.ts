/** A disk that is full: the real store, executor, HTTP server and monitor, on a database that may grow by no page more. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import type { Engine } from "../../src/app/commands.ts";
import { EngineFault } from "../../src/app/engine.ts";
import type { Job } from "../../src/app/executor.ts";
import type { Skipped } from "../../src/core/claim-room.ts";
import { limits } from "../../src/core/limits.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { createHealthMonitor, restingPulse } from "../../src/observe/health.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { openDatabase } from "../../src/store/sqlite/database.ts";
import { migrated, storeOver } from "../../src/store/sqlite/open.ts";
import { type Client, send, signIn } from "../support/client.ts";
import { ManualClock } from "../support/clock.ts";
import { InThread } from "../support/in-thread.ts";
import { textAt } from "../support/json.ts";
import { acme, credentialsOf, seedOf } from "../support/seeds.ts";

/** An engine without its thread: a command a batch. */
function engineOver({ executor }: InThread, now: () => number): Engine {
  return {
    run: async (name, input) => {
      // The table of commands ties the name to the input and the output.
      const { replies } = await executor.run(now(), [{ name, input } as Job]);
      const [reply] = replies;
      assert.ok(reply !== undefined);
      if (!reply.ok) throw new EngineFault(reply.fault, { retryable: reply.isRetryable, ofStore: reply.ofStore });
      return reply.output;
    },
    onHint: () => () => undefined,
    onGathering: () => () => undefined,
    close: () => Promise.resolve(),
  };
}

async function insertUntilRefused(client: Client): Promise<readonly string[]> {
  const kept: string[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const answer = await client.request("POST", "/Leads", { data: [{ Last_Name: `L${count}`, Description: "d".repeat(2_000) }] });
    if (answer.status !== 201) {
      assert.equal(answer.status, 503);
      assert.equal(answer.headers["retry-after"], String(limits.storageRetryAfterSeconds));
      assert.deepEqual(answer.body, {
        code: "SERVICE_UNAVAILABLE",
        details: {},
        message: "the server cannot take more work now",
        status: "error",
      });
      return kept;
    }
    kept.push(textAt(answer.body, "data", 0, "details", "id"));
  }
  return assert.fail("the disk never became full");
}

test("on a full disk writes are refused so that they can be tried again, readyz says why, nothing acknowledged is lost, and work resumes", async () => {
  const db = await migrated(openDatabase(":memory:"));
  await using thread = await InThread.open(seedOf(acme), storeOver(db, null));
  const clock = new ManualClock(Date.UTC(2026, 0, 15));
  const realClock = new ManualClock(0);
  const engine = engineOver(thread, () => clock.now());
  const monitorParts = { realClock, clock, events: silentEvents, stage: () => "idle" as const, pulse: () => restingPulse };
  const beat = (skipped: Skipped) => engine.run("health.beat", { skipped });
  await using monitor = createHealthMonitor({ ...monitorParts, beat, attemptTimeoutMs: limits.attemptTimeoutMs });
  monitor.start();
  const metrics = createMetrics({ version: "0", ofProcess: false });
  const http = createHttpServer({ engine, clock, events: silentEvents, health: monitor, metrics, publicUrl: null, version: "0" });
  const { localUrl } = await http.listen({ host: "127.0.0.1", port: 0 });
  const beatTwice = async (): Promise<void> => {
    for (let passed = 0; passed < limits.heartbeatMs * 2; passed += limits.healthLookMs) {
      realClock.advance(limits.healthLookMs);
      for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    }
  };
  try {
    const client = await signIn(localUrl, credentialsOf("acme"));
    const pages = Number(Object.values(db.connection.prepare("PRAGMA page_count").get() ?? {})[0]);
    db.connection.exec(`PRAGMA max_page_count = ${pages + 40}`);
    const kept = await insertUntilRefused(client);
    assert.ok(kept.length > 0);
    // The heartbeat needs no page of its own while its row fits; a disk that is full refuses it too.
    db.connection.exec("PRAGMA query_only = ON");
    await beatTwice();
    const stuck = await send(localUrl, { method: "GET", path: "/readyz" });
    assert.equal(stuck.status, 503);
    assert.match(stuck.text, /"part":"disk".*"detail":"Nothing can be written: /);
    db.connection.exec("PRAGMA query_only = OFF; PRAGMA max_page_count = 1073741823");
    await beatTwice();
    assert.equal((await send(localUrl, { method: "GET", path: "/readyz" })).status, 200);
    for (const id of kept) assert.equal((await client.request("GET", `/Leads/${id}?fields=Last_Name`)).status, 200, id);
    await client.insert("Leads", { Last_Name: "After" });
  } finally {
    http.closeNow();
    await http.close();
  }
});
