import { test } from "node:test";
import type { Engine } from "../../src/app/commands.ts";
import { systemClock } from "../../src/config/system.ts";
import { silentEvents } from "../../src/observe/events.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { jetStreamQueue } from "../../src/queue/jetstream-queue.ts";
import { NatsServers } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { brokerOn, untilUp } from "../support/test-broker.ts";
import { queueContract } from "./queue.ts";

const server = await PostgresServer.start();
const nats = await NatsServers.start();
test.after(async () => {
  await nats[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function open(engine: Engine, group: string): Promise<DeliveryQueue> {
  const broker = brokerOn(nats.url, group);
  const queue = jetStreamQueue({ engine, broker, clock: systemClock, events: silentEvents });
  await untilUp(broker);
  return queue;
}

queueContract({ name: "JetStream", database: () => server.database(), open });
