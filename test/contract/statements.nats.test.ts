import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../src/app/commands.ts";
import { systemClock } from "../../src/config/system.ts";
import { silentEvents } from "../../src/observe/events.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { jetStreamQueue } from "../../src/queue/jetstream-queue.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { NatsServers } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { brokerOn, untilUp } from "../support/test-broker.ts";
import { countStatements } from "./statements.ts";

const server = await PostgresServer.start(["shared_preload_libraries=pg_stat_statements"]);
const nats = await NatsServers.start();
test.after(async () => {
  await nats[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const edits = 200;
const atOnce = 50;
const loads = [
  { channels: 1, isApart: false },
  { channels: 1, isApart: true },
  { channels: 10, isApart: false },
  { channels: 10, isApart: true },
];

async function overJetStream(engine: Engine): Promise<DeliveryQueue> {
  const broker = brokerOn(nats.url, "statements");
  const queue = jetStreamQueue({ engine, broker, clock: systemClock, events: silentEvents });
  await untilUp(broker);
  return queue;
}

for (const { channels, isApart } of loads) {
  const where = isApart ? "where one process writes and another dispatches" : "in one process";
  test(`behind a broker the deliveries of a change to ${channels} cost the database fewer statements than those that dispatch claims, ${where}`, async () => {
    const load = { edits, atOnce, channels, isApart };
    const ofStore = await countStatements(await server.database(), {
      ...load,
      queueOver: (engine) => Promise.resolve(storeQueue(engine)),
    });
    const ofBroker = await countStatements(await server.database(), { ...load, queueOver: overJetStream });
    assert.ok(ofBroker.calls < ofStore.calls, `${ofBroker.what}\n\nagainst\n\n${ofStore.what}`);
  });
}
