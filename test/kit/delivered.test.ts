/** The real server delivers to a receiver made with the kit, in the form that Bun, Deno, Workers and Next route handlers take. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { type Notification, type Receiver, type ReceiverOptions, createReceiver } from "../../src/client/receiver/index.ts";
import { type App, startApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { numberAt, textAt } from "../support/json.ts";

type World = {
  readonly app: App;
  readonly client: Client;
  readonly url: string;
  readonly handled: readonly Notification[];
  readonly refused: readonly string[];
  /** From now on this one answers. */
  readonly receiveBy: (options: Pick<ReceiverOptions, "secret" | "token">) => void;
} & AsyncDisposable;

async function startWorld(): Promise<World> {
  const app = await startApp();
  const handled: Notification[] = [];
  const refused: string[] = [];
  let receiver: Receiver | null = null;
  const server = createAdaptorServer({ fetch: (request) => receiver?.fetch(request) ?? new Response(null, { status: 503 }) });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiveBy = (options: Pick<ReceiverOptions, "secret" | "token">): void => {
    receiver = createReceiver({
      now: () => app.virtualClock.now(),
      onNotification: (notification) => void handled.push(notification),
      onRefused: ({ reason }) => void refused.push(reason),
      ...options,
    });
  };
  const dispose = async (): Promise<void> => {
    await app.stop();
    server.close();
    await once(server, "close");
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback?key=value`;
  return { app, client: await app.client(), url, handled, refused, receiveBy, [Symbol.asyncDispose]: dispose };
}

/** A channel over deals, and its signing secret as its operator sees it. */
async function watchDeals({ app, client, url }: World): Promise<string> {
  await client.subscribe({
    channel_id: "9223372036854775807",
    events: ["Deals.all"],
    notify_url: url,
    token: "the token",
    return_affected_field_values: true,
  });
  const { body } = await app.admin("GET", "/channels");
  const key = numberAt(body, "channels", 0, "key");
  return textAt((await app.admin("POST", `/channels/${key}/secret`)).body, "secret");
}

test("what the server delivers is verified by secret and token and read whole", async () => {
  await using world = await startWorld();
  const { app, client, handled, receiveBy } = world;
  const secret = await watchDeals(world);
  receiveBy({ secret, token: "the token" });
  const id = await client.insert("Deals", { Deal_Name: "Zürich", Stage: "Qualification" });
  await app.untilSettled(1);
  await client.update("Deals", id, { Stage: "Closed Won" });
  await app.untilSettled(2);
  assert.deepEqual(
    handled.map(({ operation }) => operation),
    ["insert", "update"],
  );
  const { webhookId, serverTime, ...update } = handled[1] as Notification;
  assert.match(String(webhookId), /^msg_\d+$/);
  assert.equal(serverTime, app.virtualClock.now());
  assert.deepEqual(update.affectedFields, { [id]: ["Stage"] });
  assert.deepEqual(update.affectedValues, { [id]: { Stage: "Closed Won" } });
  assert.deepEqual([update.channelId, update.module, update.ids], ["9223372036854775807", "Deals", [id]]);
  assert.deepEqual(update.queryParams, { key: "value" });
  assert.deepEqual([update.isReplay, update.isTest], [false, false]);
  assert.equal(update.resourceUri, `${app.baseUrl}/crm/v2/Deals`);
});

test("while a secret is being changed, the receiver with the old one and the receiver with the new one both take what comes", async () => {
  await using world = await startWorld();
  const { app, client, handled, receiveBy } = world;
  const oldSecret = await watchDeals(world);
  const newSecret = textAt((await app.admin("POST", "/channels/1/rotate", { overlap: "24h" })).body, "secret");
  assert.notEqual(oldSecret, newSecret);
  for (const secret of [oldSecret, newSecret]) {
    receiveBy({ secret });
    await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
    await app.untilSettled(handled.length + 1);
  }
  assert.equal(handled.length, 2);
});

test("a delivery that the receiver refuses is made again, and taken once the receiver has the right secret", async () => {
  await using world = await startWorld();
  const { app, client, handled, refused, receiveBy } = world;
  const secret = await watchDeals(world);
  receiveBy({ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
  await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
  await app.untilSettled(1);
  assert.deepEqual(refused, ["signature_wrong"]);
  receiveBy({ secret });
  app.clock.advance(10_000);
  await app.untilSettled(2);
  assert.equal(handled.length, 1);
});
