/** The virtual clock of the real program, in real time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { send, signIn } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { listAt, numberAt, textAt } from "../support/json.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import type { ReadyLine } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { acme, credentialsOf } from "../support/seeds.ts";

const dayMs = 86_400_000;

function ask({ baseUrl, adminToken }: ReadyLine, path: string): Promise<Answer> {
  return send(baseUrl, { method: "GET", path: `/api/v1${path}`, headers: { Authorization: `Bearer ${adminToken}` } });
}

function aWeekOn({ baseUrl, adminToken }: ReadyLine): Promise<Answer> {
  const headers = { Authorization: `Bearer ${adminToken}` };
  return send(baseUrl, { method: "POST", path: "/api/v1/clock", headers, body: { advance: "7d" } });
}

test("dev runs a week of retries in less than two seconds, and goes on from there when it is started again", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  receiver.answerWith({ status: 500 });
  const args = ["dev", "--data", `${folder.path}/data`, "--seed", folder.file("seed.json", acme)];
  const first = await startProcess(args);
  await using _ = first.server;
  const client = await signIn(first.ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  const startedAt = performance.now();
  const moved = await aWeekOn(first.ready);
  const tookMs = performance.now() - startedAt;
  assert.equal(moved.status, 200, moved.text);
  assert.ok(tookMs < 2_000, `${tookMs} ms`);
  assert.equal(receiver.received.length, 10);
  const deliveries = await ask(first.ready, "/deliveries?status=dead");
  assert.equal(listAt(deliveries.body, "deliveries").length, 1);
  assert.equal((await client.request("GET", "/org")).status, 401);
  assert.equal((await first.server.kill("SIGTERM")).code, 0);

  const second = await startProcess(args);
  await using __ = second.server;
  const shown = await ask(second.ready, "/clock");
  assert.ok(Date.parse(textAt(shown.body, "now")) >= Date.parse(textAt(moved.body, "now")));
  assert.ok(Math.abs(numberAt(shown.body, "offset_ms") - 7 * dayMs) < 5_000);
});

test("a signal ends a server whose clock is being moved", async () => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const release = receiver.hold();
  const { server, ready } = await startProcess(["dev", "--data", `${folder.path}/data`, "--seed", folder.file("seed.json", acme)]);
  await using _ = server;
  const client = await signIn(ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Lumbergh" });
  await receiver.next();
  const moving = aWeekOn(ready);
  // The one of two moves that is refused shows that the other is under way.
  const second = aWeekOn(ready);
  assert.equal((await Promise.race([moving, second])).status, 409);
  server.signal("SIGTERM");
  const statuses = (await Promise.all([moving, second])).map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([409, 503]));
  release();
  assert.equal((await server.finished).code, 0);
});

test("serve keeps real time and refuses to move it", async () => {
  using folder = new TemporaryFolder();
  const { server, ready } = await startProcess(["serve", "--data", folder.path]);
  await using _ = server;
  for (const answer of [await ask(ready, "/clock"), await aWeekOn(ready)]) {
    assert.equal(answer.status, 403);
    assert.equal(textAt(answer.body, "error", "code"), "clock_not_virtual");
  }
});
