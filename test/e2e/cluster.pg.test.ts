/** Several processes on one PostgreSQL database: by role, when one dies, is stopped for a while, or ends in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, Client, accessTokenOf, send } from "../support/client.ts";
import { textAt } from "../support/json.ts";
import { PostgresServer, query } from "../support/postgres.ts";
import { TemporaryFolder, WatchpostProcess, runWatchpost } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { credentialsOf, orgFile } from "../support/seeds.ts";

const server = await PostgresServer.start();
const folder = new TemporaryFolder();
const seed = folder.file("seed.json", orgFile("acme", "554023000"));
const adminToken = "the-admin-token-of-the-cluster";
test.after(async () => {
  folder[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

type Node = AsyncDisposable & { readonly process: WatchpostProcess; readonly baseUrl: string };

async function startNode(url: string, roles = "all"): Promise<Node> {
  const words = ["serve", "--role", roles, "--seed", seed, "--port", "0", "--json", "--allow-target", "127.0.0.0/8"];
  const environment = { WATCHPOST_DATABASE_URL: url, WATCHPOST_ADMIN_TOKEN: adminToken };
  const process = new WatchpostProcess(words, { environment });
  const line: unknown = JSON.parse(await process.firstLine());
  return { process, baseUrl: textAt(line, "base_url"), [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

async function clientOf({ baseUrl }: Node): Promise<Client> {
  return new Client({ baseUrl, accessToken: await accessTokenOf(baseUrl, credentialsOf("acme")) });
}

/** `asked`: method and path. */
function admin({ baseUrl }: Node, asked: string, body?: unknown): Promise<Answer> {
  const [method = "", path = ""] = asked.split(" ");
  return send(baseUrl, { method, path: `/api/v1${path}`, headers: { Authorization: `Bearer ${adminToken}` }, body });
}

/** Asks again and again, for a while; a watchdog, no part of any behaviour. */
async function until(what: string, isMet: () => Promise<boolean>, watchdogMs = 20_000): Promise<void> {
  const untilMs = performance.now() + watchdogMs;
  while (!(await isMet())) assert.ok(performance.now() < untilMs, `in vain: ${what}`);
}

async function leaderOf(url: string): Promise<string> {
  const [row] = await query(url, "select node from leaders");
  return row === undefined ? "" : textAt(row, "node");
}

async function countOf(url: string, what: string): Promise<number> {
  const [row] = await query(url, `select count(*)::int as count from ${what}`);
  return Number(row?.["count"]);
}

async function metric({ baseUrl }: Node, name: string): Promise<number> {
  const { text } = await send(baseUrl, { method: "GET", path: "/metrics" });
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
}

test("a role that is none, and any but all without a database, are wrong options in one line", async () => {
  const wrong = [
    [["--role", "worker"], /--role expects all, or some of api, dispatch and janitor with commas between, not "worker"/],
    [["--role", "api,dispatch"], /--role needs --database-url too, unless it is all/],
  ] as const;
  for (const [words, reason] of wrong) {
    const { code, stderr } = await runWatchpost(["serve", "--port", "0", ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, reason);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
});

test("an api node takes writes and claims nothing, a dispatch node sends them and answers nothing but its probes", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using api = await startNode(url, "api");
  const client = await clientOf(api);
  await client.subscribe({ channel_id: "1", events: ["Leads.all"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "First" });
  assert.equal(await countOf(url, "deliveries where status = 'pending'"), 1);
  assert.equal((await send(api.baseUrl, { method: "GET", path: "/readyz" })).status, 200, "what is due is not its business");
  await using dispatch = await startNode(url, "dispatch");
  await receiver.next();
  for (const path of ["/livez", "/readyz", "/metrics"]) {
    assert.equal((await send(dispatch.baseUrl, { method: "GET", path })).status, 200, path);
  }
  for (const path of ["/", "/docs", "/console/", "/api/v1/stats", "/crm/v6/Leads", "/oauth/v2/token"]) {
    assert.equal((await send(dispatch.baseUrl, { method: "GET", path })).status, 404, path);
  }
  // The hint crosses: nothing else would wake the dispatcher before its next due instant, and there is none.
  const id = await client.insert("Leads", { Last_Name: "Second" });
  assert.equal(textAt((await receiver.next()).body, "ids", 0), id);
  assert.equal(await countOf(url, "leaders"), 0, "no janitor, no leader");
  await using janitor = await startNode(url, "janitor");
  assert.equal(await metric(janitor, "watchpost_leading"), 1);
  assert.equal(await metric(janitor, "watchpost_nodes"), 3);
});

test("the claims of a node that was killed go out from another long before their leases end, and its lead is taken over", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using first = await startNode(url);
  const client = await clientOf(first);
  const leader = await leaderOf(url);
  await using second = await startNode(url);
  const release = receiver.hold();
  await client.subscribe({ channel_id: "1", events: ["Leads.all"], notify_url: receiver.url() });
  const id = await client.insert("Leads", { Last_Name: "On its way" });
  await receiver.next();
  assert.equal(await countOf(url, `deliveries where starts_with(claim_token, '${leader}.')`), 1);
  const killedMs = performance.now();
  await first.process.kill("SIGKILL");
  release();
  await receiver.reached(2, 15_000);
  assert.ok(performance.now() - killedMs < 15_000);
  assert.equal(textAt(receiver.received[1]?.body, "ids", 0), id);
  await until("the other node leads", async () => (await metric(second, "watchpost_leading")) === 1);
  assert.ok(performance.now() - killedMs < 15_000);
  assert.notEqual(await leaderOf(url), leader);
});

test("a node that was stopped and goes on sends nothing of what others have taken over, and settles none of it", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using first = await startNode(url);
  const client = await clientOf(first);
  const leader = await leaderOf(url);
  const release = receiver.hold();
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  // More than a channel may have under way: sixteen are, the others wait in its hand.
  await Promise.all(Array.from({ length: 30 }, (_, at) => client.insert("Leads", { Last_Name: String(at) })));
  await receiver.reached(16);
  first.process.signal("SIGSTOP");
  await using second = await startNode(url);
  release();
  await until("the other node sends all of them", async () => (await countOf(url, "deliveries where status = 'delivered'")) === 30);
  first.process.signal("SIGCONT");
  await until(
    "it comes back under a new name",
    async () => (await countOf(url, "nodes")) === 2 && (await countOf(url, `nodes where id = '${leader}'`)) === 0,
  );
  await client.insert("Leads", { Last_Name: "After all" });
  await until("both go on", async () => (await countOf(url, "deliveries where status = 'delivered'")) === 31);
  assert.ok(receiver.received.length <= 31 + 16, `${String(receiver.received.length - 31)} came twice, and 16 were under way`);
  assert.equal(await countOf(url, "(select 1 from attempts group by org, delivery_id having count(*) > 1) as twice"), 0);
  const leading = async () => (await metric(first, "watchpost_leading")) + (await metric(second, "watchpost_leading"));
  await until("one of them leads, and one alone", async () => (await leading()) === 1);
  const { stderr } = await first.process.kill("SIGTERM");
  assert.match(stderr, /"event":"node.lost"/);
});

test("a node that is told to end finishes what is under way and leaves the rest to the others at once", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using first = await startNode(url);
  const client = await clientOf(first);
  const release = receiver.hold();
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await Promise.all(Array.from({ length: 30 }, (_, at) => client.insert("Leads", { Last_Name: String(at) })));
  await receiver.reached(16);
  await using _second = await startNode(url, "dispatch,janitor");
  const ended = first.process.kill("SIGTERM");
  // The first node's sixteen are held still; the other fourteen come from the second.
  await receiver.reached(30, 5_000);
  release();
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  await until("all are settled", async () => (await countOf(url, "deliveries where status = 'delivered'")) === 30);
  assert.equal(receiver.received.length, 30, "nothing came twice");
  assert.equal(await countOf(url, "nodes"), 1);
  await until("the other leads", async () => (await countOf(url, "leaders")) === 1, 5_000);
});

test("a token that is revoked on one node is good on no other from then on, nor is that of a user who was deactivated", async () => {
  const url = await server.bareDatabase();
  await using first = await startNode(url);
  await using second = await startNode(url, "api");
  const accessToken = await accessTokenOf(first.baseUrl, credentialsOf("acme"));
  const other = await accessTokenOf(first.baseUrl, credentialsOf("acme"));
  const onSecond = new Client({ baseUrl: second.baseUrl, accessToken });
  const stays = new Client({ baseUrl: second.baseUrl, accessToken: other });
  // The second node knows both from here on.
  await onSecond.insert("Leads", { Last_Name: "Known" });
  await stays.insert("Leads", { Last_Name: "Known too" });
  const revoked = await send(first.baseUrl, { method: "POST", path: `/oauth/v2/token/revoke?token=${accessToken}` });
  assert.equal(revoked.status, 200, revoked.text);
  for (const answer of [
    await onSecond.request("GET", "/Leads?fields=Last_Name"),
    await onSecond.request("POST", "/Leads", { data: [{ Last_Name: "Too late" }] }),
  ]) {
    assert.equal(answer.status, 401, answer.text);
    assert.equal(textAt(answer.body, "code"), "INVALID_TOKEN");
  }
  await stays.insert("Leads", { Last_Name: "Goes on" });
  assert.equal(await countOf(url, "records where data like '%Too late%'"), 0);
  const users = await stays.request("GET", "/users?type=ActiveUsers");
  const ended = await new Client({ baseUrl: first.baseUrl, accessToken: other }).request(
    "PUT",
    `/users/${textAt(users.body, "users", 0, "id")}`,
    {
      users: [{ status: "inactive" }],
    },
  );
  assert.equal(ended.status, 200, ended.text);
  assert.equal((await stays.request("GET", "/Leads?fields=Last_Name")).status, 401);
});

test("a person who signed in to the console on one node is signed in on the others, and signed out on all", async () => {
  const url = await server.bareDatabase();
  await using first = await startNode(url, "api");
  await using second = await startNode(url, "api");
  const page = { Origin: first.baseUrl, "Sec-Fetch-Site": "same-origin" };
  const signedIn = await send(first.baseUrl, { method: "POST", path: "/console/session", headers: page, body: { token: adminToken } });
  assert.equal(signedIn.status, 204, signedIn.text);
  const cookie = String(signedIn.headers["set-cookie"]).split(";", 1)[0] ?? "";
  const onSecond = await send(second.baseUrl, { method: "GET", path: "/console/session", headers: { Cookie: cookie } });
  const csrf = textAt(onSecond.body, "csrf");
  assert.equal((await send(second.baseUrl, { method: "GET", path: "/api/v1/stats", headers: { Cookie: cookie } })).status, 200);
  const out = { Origin: second.baseUrl, "Sec-Fetch-Site": "same-origin", Cookie: cookie, "X-Watchpost-CSRF": csrf };
  assert.equal((await send(second.baseUrl, { method: "DELETE", path: "/console/session", headers: out })).status, 204);
  assert.equal((await send(first.baseUrl, { method: "GET", path: "/api/v1/stats", headers: { Cookie: cookie } })).status, 401);
});

test("a sign-in form that one node made is taken by another", async () => {
  const url = await server.bareDatabase();
  const redirect = "http://127.0.0.1:9/back";
  await using first = await startNode(url, "api");
  const made = await admin(first, "POST /clients", {
    org: "554023000",
    name: "App",
    redirect_uri: redirect,
    user_email: "owner@acme.example",
    scope: "ZohoCRM.modules.ALL",
  });
  assert.equal(made.status, 201, made.text);
  const clientId = textAt(made.body, "client", "client_id");
  await using second = await startNode(url, "api");
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirect, scope: "ZohoCRM.modules.ALL", response_type: "code" });
  const page = await send(first.baseUrl, { method: "GET", path: `/oauth/v2/auth?${query.toString()}` });
  assert.equal(page.status, 200, page.text);
  const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
  const form = new URLSearchParams({ ticket, email: "owner@acme.example", password: "wrong" }).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded", Origin: second.baseUrl };
  const answer = await send(second.baseUrl, { method: "POST", path: "/oauth/v2/auth", headers, body: form });
  // 400 says that the form is none of ours; this one was read, and its password found wrong.
  assert.equal(answer.status, 403, answer.text);
});

test("attempts that one node makes are seen in the stream and the figures of another", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using looking = await startNode(url, "api");
  await using _sending = await startNode(url, "dispatch");
  const client = await clientOf(looking);
  await client.subscribe({ channel_id: "77", events: ["Leads.create"], notify_url: receiver.url() });
  const stream = await fetch(`${looking.baseUrl}/api/v1/stream`, { headers: { Authorization: `Bearer ${adminToken}` } });
  assert.ok(stream.body !== null);
  await client.insert("Leads", { Last_Name: "Looked at" });
  await receiver.next();
  let seen = "";
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    if (/event: delivery\ndata: \{[^\n]*"channel_id":"77"[^\n]*"outcome":"delivered"/.test(seen)) break;
    assert.ok(seen.length < 100_000, seen);
  }
  const stats = await admin(looking, "GET /stats");
  assert.match(stats.text, /"delivered":1/);
});

test("a replay that is asked for on one node is made by the one that leads, at its own rate", async () => {
  const url = await server.bareDatabase();
  await using receiver = await Receiver.start();
  await using first = await startNode(url);
  await using second = await startNode(url);
  const client = await clientOf(first);
  await client.subscribe({ channel_id: "1", events: ["Leads.create"], notify_url: receiver.url() });
  await client.insert("Leads", { Last_Name: "Once" });
  await receiver.next();
  await until("it is settled", async () => (await countOf(url, "deliveries where status = 'delivered'")) === 1);
  const follower = (await metric(first, "watchpost_leading")) === 1 ? second : first;
  const asked = await admin(follower, "POST /replays", { what: "deliveries", rate_per_second: 10 });
  assert.equal(asked.status, 201, asked.text);
  assert.equal((await receiver.next()).headers["webhook-replay"], "true");
});
