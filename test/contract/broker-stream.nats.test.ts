/** The stream at a real server: removed under a broker that uses it, and too small a message for what it is given. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { type BrokerMessage, MessageTooLarge } from "../../src/queue/broker.ts";
import { NatsServers, natsPassword, natsUser } from "../support/nats.ts";
import { TemporaryFolder } from "../support/process.ts";
import { brokerOn, untilUp } from "../support/test-broker.ts";

const streamName = "stream";

/** Removes the stream, as somebody with a tool of NATS would. */
async function removeStream(nats: NatsServers): Promise<void> {
  const servers = nats.urlFor("").replaceAll("nats://", "").split(",");
  const connection = await connect({ servers, user: natsUser, pass: natsPassword });
  await (await jetstreamManager(connection)).streams.delete(streamName);
  await connection.close();
}

test("a stream that is removed is made anew, and messages go through it", async () => {
  await using nats = await NatsServers.start();
  const broker = brokerOn(nats.url, streamName);
  let next = Promise.withResolvers<BrokerMessage>();
  let turned = Promise.withResolvers<void>();
  broker.open({ wanted: () => 8, onMessage: (message) => next.resolve(message), onTurned: () => turned.resolve() });
  broker.startTaking();
  for (let round = 0; round < 3; round += 1) {
    await untilUp(broker);
    next = Promise.withResolvers();
    await broker.publish({ shard: round, id: `of ${String(round)}`, text: `message ${String(round)}` });
    const message = await next.promise;
    assert.equal(message.text, `message ${String(round)}`);
    message.ack();
    turned = Promise.withResolvers();
    await removeStream(nats);
    await turned.promise;
  }
  await broker.close();
});

test("a message that is larger than the server takes is refused as such, and the broker goes on", async () => {
  using folder = new TemporaryFolder();
  const words = ["-c", folder.file("nats.conf", "max_payload: 8192")];
  await using nats = await NatsServers.start(1, { words, login: "", scheme: "nats" });
  const broker = brokerOn(nats.url, streamName);
  broker.open({ wanted: () => 0, onMessage: () => undefined, onTurned: () => undefined });
  await untilUp(broker);
  await assert.rejects(broker.publish({ shard: 0, id: "large", text: "x".repeat(8_000) }), MessageTooLarge);
  assert.ok(broker.isUp);
  await broker.publish({ shard: 0, id: "small", text: "x".repeat(1_000) });
  await broker.close();
});
