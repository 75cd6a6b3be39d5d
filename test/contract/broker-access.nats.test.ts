/** Every way in to NATS that there is an option for, tried on a real server; and those that lead nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nkeys } from "@nats-io/transport-node";
import { systemClock } from "../../src/config/system.ts";
import { noQueueMetrics } from "../../src/observe/metrics/queue-metrics.ts";
import type { Broker, BrokerMessage } from "../../src/queue/broker.ts";
import type { NatsAccess } from "../../src/queue/nats-access.ts";
import { natsBroker } from "../../src/queue/nats-broker.ts";
import { makeCertificates, skipWithoutOpenssl } from "../support/certificates.ts";
import { makeNatsCredentials } from "../support/nats-credentials.ts";
import { type NatsDoor, NatsServers } from "../support/nats.ts";
import { TemporaryFolder } from "../support/process.ts";

const noFiles = { replicas: 1, creds: null, ca: null, cert: null, key: null };

type Opened = AsyncDisposable & {
  readonly broker: Broker;
  readonly lost: Promise<unknown>;
  readonly turned: Promise<void>;
  readonly got: Promise<BrokerMessage>;
};

function openBroker(access: Partial<NatsAccess> & { readonly url: string }): Opened {
  const lost = Promise.withResolvers<unknown>();
  const turned = Promise.withResolvers<void>();
  const got = Promise.withResolvers<BrokerMessage>();
  const broker = natsBroker({
    access: { ...noFiles, ...access },
    streamName: "access",
    clock: systemClock,
    metrics: noQueueMetrics,
    events: { queueReady: () => turned.resolve(), queueLost: ({ error }) => lost.resolve(error), queueFaulted: () => undefined },
  });
  broker.open({ wanted: () => 1, onMessage: (message) => got.resolve(message), onTurned: () => undefined });
  return { broker, lost: lost.promise, turned: turned.promise, got: got.promise, [Symbol.asyncDispose]: () => broker.close() };
}

/** A message goes through. */
async function passes(access: Partial<NatsAccess> & { readonly url: string }): Promise<void> {
  await using opened = openBroker(access);
  await Promise.race([opened.turned, opened.lost.then((error) => assert.fail(String(error)))]);
  opened.broker.startTaking();
  await opened.broker.publish({ shard: 0, id: "1", text: "through" });
  const message = await opened.got;
  assert.equal(message.text, "through");
  assert.ok(await message.working(), "the server hears that it is worked on");
  message.ack();
}

/** Nobody gets in, and what is said of it says no secret. */
async function isRefused(access: Partial<NatsAccess> & { readonly url: string }, { because, secret }: Refusal): Promise<void> {
  await using opened = openBroker(access);
  const error = await Promise.race([opened.lost, opened.turned.then(() => assert.fail("it got in"))]);
  assert.match(String(error), because);
  assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes(secret), "no secret in the error");
  assert.ok(!opened.broker.isUp);
}

type Refusal = { readonly because: RegExp; readonly secret: string };

/** A door that a file of configuration describes. */
function configured(folder: TemporaryFolder, text: string): NatsDoor {
  return { words: ["-c", folder.file("nats.conf", text)], login: "", scheme: "nats" };
}

test("a user and a password open a server, and others do not", async () => {
  await using nats = await NatsServers.start();
  await passes({ url: nats.url });
  await isRefused({ url: nats.urlFor("watchpost:wrong-one@") }, { because: /authorization/i, secret: "wrong-one" });
  await isRefused({ url: nats.urlFor("") }, { because: /authorization/i, secret: "watchpost" });
});

test("a password may hold any sign, as a URL writes it", async () => {
  const password = "p@ss/w%rd:x";
  await using nats = await NatsServers.start(1, {
    words: ["--user", "app", "--pass", password],
    login: `app:${encodeURIComponent(password)}@`,
    scheme: "nats",
  });
  await passes({ url: nats.url });
});

test("a token opens a server, and another does not", async () => {
  await using nats = await NatsServers.start(1, {
    words: ["--auth", "token-of-the-broker"],
    login: "token-of-the-broker@",
    scheme: "nats",
  });
  await passes({ url: nats.url });
  await isRefused({ url: nats.urlFor("token-of-another@") }, { because: /authorization/i, secret: "token-of-another" });
});

test("the seed of an nkey opens a server, and another does not", async () => {
  using folder = new TemporaryFolder();
  const user = nkeys.createUser();
  const seed = new TextDecoder().decode(user.getSeed());
  await using nats = await NatsServers.start(1, configured(folder, `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`));
  await passes({ url: nats.url, creds: `${seed}\n` });
  const other = new TextDecoder().decode(nkeys.createUser().getSeed());
  await isRefused({ url: nats.url, creds: other }, { because: /authorization/i, secret: other });
});

test("a file of credentials opens its account, and one of another operator does not", async () => {
  using folder = new TemporaryFolder();
  const { creds, configuration } = makeNatsCredentials();
  await using nats = await NatsServers.start(1, configured(folder, configuration));
  await passes({ url: nats.url, creds });
  const other = makeNatsCredentials().creds;
  await isRefused({ url: nats.url, creds: other }, { because: /authorization/i, secret: /SU\w{56}/.exec(other)?.[0] ?? "" });
});

test("TLS is spoken with a server whose authority is named, and with no other", { skip: skipWithoutOpenssl }, async () => {
  using certificates = makeCertificates();
  using others = makeCertificates();
  const { certFile, keyFile, ca } = certificates;
  await using nats = await NatsServers.start(1, { words: ["--tls", "--tlscert", certFile, "--tlskey", keyFile], login: "", scheme: "tls" });
  await passes({ url: nats.url, ca });
  await isRefused({ url: nats.url }, { because: /certificate|self.signed|issuer/i, secret: "PRIVATE KEY" });
  await isRefused({ url: nats.url, ca: others.ca }, { because: /certificate|self.signed|signature/i, secret: "PRIVATE KEY" });
});

test("a server that asks for a certificate is shown one", { skip: skipWithoutOpenssl }, async () => {
  using certificates = makeCertificates();
  const { certFile, keyFile, caFile, ca, cert, key } = certificates;
  const words = ["--tlsverify", "--tlscert", certFile, "--tlskey", keyFile, "--tlscacert", caFile];
  await using nats = await NatsServers.start(1, { words, login: "", scheme: "tls" });
  await passes({ url: nats.url, ca, cert, key });
  await isRefused({ url: nats.url, ca }, { because: /./, secret: "PRIVATE KEY" });
});

test("a server that comes late is found", async () => {
  await using nats = await NatsServers.start();
  await nats.kill();
  await using opened = openBroker({ url: nats.url });
  await opened.lost;
  assert.ok(!opened.broker.isUp);
  await nats.run();
  await opened.turned;
  assert.ok(opened.broker.isUp);
});
