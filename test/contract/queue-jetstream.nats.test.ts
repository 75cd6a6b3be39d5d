import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../../src/app/commands.ts";
import { systemClock } from "../../src/config/system.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { limits } from "../../src/core/limits.ts";
import { silentEvents } from "../../src/observe/events.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { jetStreamQueue } from "../../src/queue/jetstream-queue.ts";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { NatsServers } from "../support/nats.ts";
import { PostgresServer } from "../support/postgres.ts";
import { brokerOn, untilUp } from "../support/test-broker.ts";
import { Node, type QueueKind, queueContract } from "./queue.ts";

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

const kind: QueueKind = { name: "JetStream", database: () => server.database(), open };
queueContract(kind);

test("JetStream: what was committed and never published, because its process died between, is handed out within 15 s", async () => {
  const url = await kind.database();
  await using node = await Node.start(kind, url);
  await using writing = await Node.start({ ...kind, open: (engine) => Promise.resolve(storeQueue(engine)) }, url);
  await writing.watch("1");
  const dead: Promise<number>[] = [];
  // It claims as one that publishes does, and does not.
  const stop = writing.engine.onGathering(() => {
    const claiming = writing.engine.run("dispatch.claim", { limit: 50, leaseMs: limits.publishedLeaseMs, room: wholeRoom, takes: "new" });
    dead.push(claiming.then(({ claims }) => claims.length));
  });
  const ids = await writing.insert(3);
  const committedAt = systemClock.now();
  stop();
  const taken = await Promise.all(dead);
  assert.equal(
    taken.reduce((sum, count) => sum + count, 0),
    ids.length,
  );
  const claims = await node.take(ids.length);
  assert.ok(systemClock.now() - committedAt <= 15_000);
  assert.ok((await node.settle(claims)).every(Boolean));
});
