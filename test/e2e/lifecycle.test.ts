/** Lifecycle events of the real program, killed at a bad moment. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { send, signIn } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { listAt, textAt } from "../support/json.ts";
import { TemporaryFolder, runWatchpost, startProcess } from "../support/process.ts";
import type { ReadyLine } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { acme, credentialsOf } from "../support/seeds.ts";

function ask({ baseUrl, adminToken }: ReadyLine, call: string, body?: unknown): Promise<Answer> {
  const [method = "", path = ""] = call.split(" ");
  return send(baseUrl, { method, path: `/api/v1${path}`, headers: { Authorization: `Bearer ${adminToken}` }, body });
}

test("killed while a lifecycle POST is on its way, the program sends it again under its id, and makes no second event of it", async () => {
  using folder = new TemporaryFolder();
  await using ops = await Receiver.start();
  const seed = { ...acme, org: { ...acme.org, lifecycle_url: ops.url("/ops") } };
  const args = ["dev", "--data", `${folder.path}/data`, "--seed", folder.file("seed.json", seed)];
  const first = await startProcess(args);
  await using _ = first.server;
  const client = await signIn(first.ready.baseUrl, credentialsOf("acme"));
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: "http://127.0.0.1:9/" });
  const release = ops.hold();
  const moving = ask(first.ready, "POST /clock", { advance: "56m" }).catch(() => null);
  const held = await ops.next();
  await first.server.kill("SIGKILL");
  await moving;
  release();

  const second = await startProcess(args);
  await using __ = second.server;
  const again = await ops.next();
  assert.deepEqual([again.text, again.headers["webhook-id"]], [held.text, held.headers["webhook-id"]]);
  assert.equal((await ask(second.ready, "POST /clock", { advance: "5m" })).status, 200);
  assert.deepEqual(
    ops.received.map(({ body }) => textAt(body, "type")),
    ["channel.expiring", "channel.expiring", "channel.expired"],
  );
  const events = listAt((await ask(second.ready, "GET /lifecycle-events")).body, "events");
  assert.deepEqual(
    events.map((event) => textAt(event, "event")),
    ["channel.expired", "channel.expiring"],
  );
  const org = listAt((await ask(second.ready, "GET /orgs")).body, "orgs")[0];
  assert.equal(textAt(org, "lifecycle_url"), ops.url("/ops"));
});

test("a lifecycle_url that points into the server's own network is no start for serve, and the reason is one line", async () => {
  using folder = new TemporaryFolder();
  const seed = { ...acme, org: { ...acme.org, lifecycle_url: "http://10.0.0.1/ops" } };
  const finished = await runWatchpost(["serve", "--data", `${folder.path}/data`, "--port", "0", "--seed", folder.file("seed.json", seed)]);
  assert.notEqual(finished.code, 0);
  assert.match(finished.stderr, /\$\.org\.lifecycle_url: the target guard does not let this address pass/);
});
