import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../test/support/app.ts";
import type { App } from "../../test/support/app.ts";
import { at, listAt } from "../../test/support/json.ts";
import { credentialsOf } from "../../test/support/seeds.ts";
import { sampleClient } from "../config/sample-org.ts";
import { findCaller } from "./client-caller.ts";
import { subscribeInbox } from "./inbox-channel.ts";

async function subscribe(app: App): Promise<string | null> {
  const caller = await findCaller(app.engine, { ...sampleClient, ...credentialsOf("acme") });
  assert.ok(caller !== null);
  return subscribeInbox(app.engine, { caller, localUrl: app.baseUrl, now: app.virtualClock.now() });
}

test("the first record that a newcomer makes is in the inbox, signed and with its token", async () => {
  await using app = await startApp();
  assert.equal(await subscribe(app), `${app.baseUrl}/inbox/first`);
  const client = await app.client();
  await client.insert("Leads", { Last_Name: "Roe" });
  await app.untilSettled(1);
  const [message] = listAt((await app.admin("GET", "/inbox")).body, "messages");
  assert.deepEqual(at(message, "checks"), { signature: "ok", token: "ok", id_seen_before: false });
});

test("the channel lives for a week and is renewed, also after it has expired", async () => {
  await using app = await startApp();
  const expiry = async () => Date.parse(String(at((await app.admin("GET", "/channels")).body, "channels", 0, "expires_at")));
  const weekMs = 7 * 86_400_000;
  await subscribe(app);
  assert.equal(await expiry(), app.virtualClock.now() + weekMs);
  app.clock.advance(weekMs + 1_000);
  await subscribe(app);
  assert.equal(await expiry(), app.virtualClock.now() + weekMs);
  assert.equal(listAt((await app.admin("GET", "/channels")).body, "channels").length, 1);
});

test("a channel 1 of the user's own is left alone", async () => {
  await using app = await startApp();
  const client = await app.client();
  await client.subscribe({ channel_id: "1", events: ["Deals.all"], notify_url: "http://127.0.0.1:9000/callback" });
  assert.equal(await subscribe(app), null);
  assert.equal(at((await app.admin("GET", "/channels")).body, "channels", 0, "notify_url"), "http://127.0.0.1:9000/callback");
});

test("an address that may not be notified is no inbox", async () => {
  await using app = await startApp({ allowedCidrs: [] });
  assert.equal(await subscribe(app), null);
});

test("a client that was revoked stands for nobody", async () => {
  await using app = await startApp();
  const client = { ...sampleClient, ...credentialsOf("acme") };
  await app.admin("POST", `/clients/${client.clientId}/revoke`);
  assert.equal(await findCaller(app.engine, client), null);
  assert.equal(await findCaller(app.engine, { ...client, refreshToken: null }), null);
});
