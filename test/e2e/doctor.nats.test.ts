/** `watchpost doctor` on NATS servers of the tests' own. The database is nowhere: what is found of the one does not wait for the other. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { test } from "node:test";
import { type NatsDoor, NatsServers, natsPassword } from "../support/nats.ts";
import { TemporaryFolder, runWatchpost } from "../support/process.ts";

/** The lines about NATS, each `verdict name: detail`. */
async function doctor(url: string, ...words: readonly string[]): Promise<readonly string[]> {
  const environment = { WATCHPOST_DATABASE_URL: "postgres://app:hush@127.0.0.1:9/x", WATCHPOST_NATS_URL: url };
  const { code, stdout, stderr } = await runWatchpost(["doctor", "--skip-server", "--json", ...words], { environment });
  assert.deepEqual([code, stderr], [1, ""]);
  assert.ok(![natsPassword, "wrong-one", "hush"].some((secret) => stdout.includes(secret)), "no secret is shown");
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly { name: string; verdict: string; detail: string }[] };
  const known = ["runtime", "config", "database"];
  return checks.filter(({ name }) => !known.includes(name)).map(({ name, verdict, detail }) => `${verdict} ${name}: ${detail}`);
}

function says(lines: readonly string[], ...patterns: readonly RegExp[]): void {
  assert.equal(lines.length, patterns.length, lines.join("\n"));
  for (const [place, pattern] of patterns.entries()) assert.match(lines[place] ?? "", pattern);
}

/** Again while the servers of a cluster have not chosen who leads, for which each time waits. */
async function doctorOfLed(url: string, ...words: readonly string[]): Promise<readonly string[]> {
  let lines = await doctor(url, ...words);
  for (let tries = 1; tries < 10 && lines.some((line) => line.startsWith("fail JetStream")); tries += 1) {
    lines = await doctor(url, ...words);
  }
  return lines;
}

test("one server with JetStream does for one copy and not for three", async () => {
  await using nats = await NatsServers.start();
  const reached = /^ok NATS: 127\.0\.0\.1:\d+ reached and logged in, NATS \d+\.\d+/;
  says(await doctor(nats.url), reached, /^ok JetStream: enabled$/, /^ok copies: one/, /^ok payload: max_payload 1 MiB$/);
  says(
    await doctor(nats.url, "--nats-replicas", "3"),
    reached,
    /^ok J/,
    /^fail copies: 3 asked for of a server without a cluster$/,
    /^ok p/,
  );
  says(await doctor(nats.urlFor("watchpost:wrong-one@")), /^fail NATS: 127\.0\.0\.1:\d+: Authorization Violation$/);
});

test("a cluster is told server by server, and what is missing of it", async () => {
  await using nats = await NatsServers.start(3);
  const well = await doctorOfLed(nats.url, "--nats-replicas", "3");
  says(well, /^ok NATS/, /^ok NATS/, /^ok NATS/, /^ok JetStream/, /^ok copies: 3 asked for of 3 servers$/, /^ok payload/);
  await nats.kill(2);
  const ill = await doctor(nats.url, "--nats-replicas", "3");
  const refused = /^warn NATS: 127\.0\.0\.1:\d+: .*ECONNREFUSED/;
  says(ill, /^ok NATS/, /^ok NATS/, refused, /JetStream/, /^warn copies: 3 asked for, and 2 servers are known$/, /^ok payload/);
});

test("an account without JetStream or with too little of it, and messages that are kept small, are told", async () => {
  using folder = new TemporaryFolder();
  const users = (name: string): string => `users: [{ user: ${name}, password: "${natsPassword}" }]`;
  const file = folder.file(
    "nats.conf",
    `max_payload: 100000
     accounts {
       NONE { ${users("none")} }
       SMALL { jetstream { max_store: 100MB }, ${users("small")} }
     }`,
  );
  const door: NatsDoor = { words: ["-c", file], login: "", scheme: "nats" };
  await using nats = await NatsServers.start(1, door);
  const payload = /^warn payload: max_payload 98 KiB$/;
  const without = await doctor(nats.urlFor(`none:${natsPassword}@`));
  says(without, /^ok NATS/, /^fail JetStream: it is not enabled, or not for this account$/, /^ok copies/, payload);
  const little = await doctor(nats.urlFor(`small:${natsPassword}@`));
  says(little, /^ok NATS/, /^fail JetStream: the account may keep 100 MiB, and the stream takes 256 MiB$/, /^ok copies/, payload);
});

test("what listens and is no NATS server, or says nothing, is left again, and the command ends", async () => {
  const sockets = new Set<Socket>();
  await using mute = createServer((socket) => void sockets.add(socket)).listen(0, "127.0.0.1");
  await using other = createServer((socket) => socket.on("error", () => undefined).end("SSH-2.0-of-the-tests\r\n")).listen(0, "127.0.0.1");
  await Promise.all([mute, other].map((server) => once(server, "listening")));
  const urls = [mute, other].map((server) => `nats://app:${natsPassword}@127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  says(await doctor(urls.join(",")), /^fail NATS: .*: no NATS server answers in time$/, /^fail NATS: .*: what answers is no NATS server$/);
  for (const socket of sockets) socket.destroy();
});

test("a file of credentials that is not there is told by its name", async () => {
  says(
    await doctor("nats://127.0.0.1:9", "--nats-creds", "nowhere.creds"),
    /^fail NATS files: the NATS credentials file nowhere\.creds cannot be read/,
  );
});
