/** The commands that ask a server, as processes, against the admin API's contract: every exit code, and what is sent and shown. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AdminGateway, Stream } from "../support/admin-gateway.ts";
import type { Canned } from "../support/admin-gateway.ts";
import { cannedAdmin, channelRow, deliveryRow, explanation, streamed } from "../support/canned-admin.ts";
import { TemporaryFolder, WatchpostProcess, runWatchpost } from "../support/process.ts";
import type { Finished } from "../support/process.ts";

const token = "an-admin-token-for-tests";
const failing =
  (status: number, code: string): Canned =>
  () => ({ status, body: { error: { code, message: "It cannot be." } } });
let gateway: AdminGateway;

before(async () => {
  gateway = await AdminGateway.start({
    upstream: null,
    canned: {
      "GET /api/v1/changes/2/explain": ({ query }) => {
        const isFirst = query.get("cursor") === null;
        const channels = explanation.channels.slice(isFirst ? 0 : 1, isFirst ? 1 : 2);
        return { status: 200, body: { ...explanation, channels, next_cursor: isFirst ? "1" : null } };
      },
      ...cannedAdmin,
      "GET /api/v1/channels": ({ query }) => ({
        status: 200,
        body: { channels: query.get("cursor") === null ? [channelRow] : [], next_cursor: null },
      }),
      "GET /api/v1/channels/1": () => ({ status: 200, body: { channel: channelRow } }),
      "GET /api/v1/channels/500": failing(500, "internal"),
      "GET /api/v1/channels/501": () => ({ status: 200, body: "<html>a proxy</html>" }),
      "GET /api/v1/channels/401": failing(401, "unauthorized"),
      "POST /api/v1/channels/400/renew": failing(400, "invalid_parameter"),
      "POST /api/v1/channels/409/pause": failing(409, "channel_disabled"),
      "GET /api/v1/clock": failing(403, "clock_not_virtual"),
      "GET /api/v1/deliveries": () => ({
        status: 200,
        body: { deliveries: [{ ...deliveryRow, module: "De\u001B[31mals" }], next_cursor: "5" },
      }),
      "GET /api/v1/stream": () => ({
        status: 200,
        body: new Stream([
          { event: "delivery", data: streamed },
          { event: "delivery", data: { ...streamed, outcome: "retryable", http_status: 500 } },
        ]),
      }),
    },
  });
});
after(async () => gateway[Symbol.asyncDispose]());

async function run(...args: readonly string[]): Promise<Finished> {
  return runWatchpost(args, { environment: { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: token } });
}

describe("each exit code has its kind of trouble, and one line that says what to do", () => {
  const rows: readonly (readonly [code: number, args: readonly string[], says: RegExp])[] = [
    [2, ["channels", "list", "--limit", "many"], /--limit expects a number from 1 to/],
    [2, ["channels", "renew", "400"], /the server says: It cannot be/],
    [2, ["records", "edit", "Deals", "7", "--set", "nonsense"], /--set expects Field=value/],
    [2, ["clock", "advance", "long"], /expects a length of time such as 1h30m/],
    [2, ["listen", "--forward-to", "localhost"], /--forward-to expects an http or https URL/],
    [2, ["replays", "create", "--what", "missed"], /needs --channel-key/],
    [2, ["backup"], /--to must be given/],
    [3, ["channels", "list", "--url", "http://127.0.0.1:9"], /cannot reach a server at http:\/\/127\.0\.0\.1:9: .*--url or WATCHPOST_URL/],
    [4, ["channels", "show", "401"], /does not know the admin token/],
    [4, ["clock", "show"], /It cannot be/],
    [5, ["channels", "show", "99"], /there is no channel 99/],
    [5, ["restore", "--from", "nothing.sqlite"], /there is no file .*nothing\.sqlite/],
    [6, ["deliveries", "skip", "7"], /The delivery is settled already/],
    [6, ["channels", "pause", "409"], /It cannot be/],
    [7, ["channels", "show", "500"], /It cannot be \(status 500\)/],
    [7, ["channels", "show", "501"], /is no Watchpost/],
  ];
  for (const [code, args, says] of rows) {
    test(`${args.join(" ")} ends with ${String(code)}`, async () => {
      const finished = await run(...args);
      assert.equal(finished.code, code, finished.stderr);
      assert.match(finished.stderr, /^watchpost: [^\n]+\n$/);
      assert.match(finished.stderr, says);
      assert.equal(finished.stdout, "");
      assert.ok(!finished.stderr.includes(token));
    });
  }

  test("without a token nothing is asked, and it ends with 2", async () => {
    const finished = await runWatchpost(["channels", "list"], { environment: { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: "" } });
    assert.equal(finished.code, 2);
    assert.match(finished.stderr, /no admin token was given/);
  });

  test("a backup where a database is named and no folder is refused with 2, and says whose business it is", async () => {
    const environment = { WATCHPOST_DATABASE_URL: "postgres://app:hush@db.example/watchpost" };
    const finished = await runWatchpost(["backup", "--to", "copy.sqlite"], { environment });
    assert.equal(finished.code, 2);
    assert.match(finished.stderr, /^watchpost: WATCHPOST_DATABASE_URL is set, and a database is backed up by its own means/);
    assert.ok(!finished.stderr.includes("hush"));
  });

  test("doctor ends with 1 when something failed, and says what to do", async () => {
    const finished = await run("doctor", "--url", "http://127.0.0.1:9", "--json");
    assert.equal(finished.code, 1, finished.stderr);
    const { checks, fail } = JSON.parse(finished.stdout) as {
      readonly checks: readonly { readonly name: string; readonly verdict: string }[];
      readonly fail: number;
    };
    assert.equal(fail, 1);
    assert.deepEqual(checks.find(({ verdict }) => verdict === "fail")?.name, "server");
  });
});

test("--json is the admin API's own document, in one line", async () => {
  const { stdout, code } = await run("changes", "explain", "1", "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), explanation);
  assert.equal(stdout.split("\n").length, 2);
});

test("in a pipe a table is plain, and what a stranger wrote is not obeyed by a terminal", async () => {
  const { stdout, stderr } = await run("deliveries", "list", "--limit", "1");
  assert.match(stdout, /^ +ID {2}STATUS/);
  assert.ok(!stdout.includes("\u001B"));
  assert.match(stdout, /De\\u001b\[31mals/);
  assert.match(stderr, /There are more/);
});

test("an explanation names the deciding rule and draws the condition", async () => {
  const { stdout } = await run("changes", "explain", "latest");
  assert.match(stdout, /- Stage: Qualification\n\+ Stage: Negotiation\/Review/);
  assert.match(stdout, /not told \(condition_not_met\)/);
  assert.match(stdout, /├─ Stage {2}changed\n {2}└─ Amount {2}not changed/);
});

test("an explanation that comes in pages is shown whole", async () => {
  const { stdout } = await run("changes", "explain", "2", "--json");
  assert.deepEqual(JSON.parse(stdout), { ...explanation, next_cursor: null });
});

test("an act on a channel shows its row, and only show what it is subscribed to", async () => {
  const acted = await run("channels", "order", "1", "none");
  assert.match(acted.stdout, /^order +none$/m);
  assert.doesNotMatch(acted.stdout, /Deals: update/);
  assert.match((await run("channels", "show", "1")).stdout, /^\nDeals: update\n {2}when$/m);
});

test("a client without an org, or with neither a user nor a way back, is not asked for", async () => {
  const given = ["clients", "create", "--name", "Billing", "--scope", "ZohoCRM.modules.ALL"];
  for (const [args, says] of [
    [given, /--org, --name and --scope must be given/],
    [[...given, "--org", "554023000"], /--user or --redirect-uri must be given/],
  ] as const) {
    const finished = await run(...args);
    assert.equal(finished.code, 2);
    assert.match(finished.stderr, says);
  }
  assert.ok(!gateway.asked.some(({ path }) => path === "/api/v1/clients"));
});

test("filters go to the server, and a length of time is that long ago by its clock", async () => {
  const { code } = await run("replays", "create", "--what", "missed", "--channel-key", "1", "--from", "2h", "--rate", "50", "--dry-run");
  assert.equal(code, 0);
  const body = gateway.asked.findLast(({ method, path }) => method === "POST" && path === "/api/v1/replays")?.body as Record<
    string,
    unknown
  >;
  assert.deepEqual({ ...body, from: null }, { what: "missed", channel_key: 1, from: null, rate_per_second: 50, dry_run: true });
  assert.ok(Math.abs(Date.parse(String(body["from"])) - (Date.now() - 7_200_000)) < 60_000);
});

test("a replay that is waited for ends with 0 when it is done", async () => {
  const { code, stdout, stderr } = await run("replays", "create", "--status", "dead", "--wait", "--json");
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { readonly replay: { readonly state: string } }).replay.state, "done");
});

test("tail prints what the stream sends, filtered, and ends after so many", async () => {
  const { code, stdout } = await run("deliveries", "tail", "--failed", "--count", "1", "--json");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { ...streamed, outcome: "retryable", http_status: 500 });
});

test("tail ends with 0 on SIGINT", async () => {
  const tail = new WatchpostProcess(["deliveries", "tail"], { environment: { WATCHPOST_URL: gateway.url, WATCHPOST_ADMIN_TOKEN: token } });
  await tail.firstLine();
  assert.equal((await tail.kill("SIGINT")).code, 0);
});

test("init writes files for their owner alone, with a token that serve takes, and never over others", async () => {
  using folder = new TemporaryFolder();
  const first = await runWatchpost(["init", "--json"], { cwd: folder.path });
  assert.equal(first.code, 0, first.stderr);
  const again = await runWatchpost(["init"], { cwd: folder.path });
  assert.equal(again.code, 6);
  const { readFileSync, statSync } = await import("node:fs");
  const text = readFileSync(`${folder.path}/watchpost.env`, "utf8");
  assert.equal(statSync(`${folder.path}/watchpost.env`).mode & 0o777, 0o600);
  const variables = Object.fromEntries([...text.matchAll(/^(WATCHPOST_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  assert.ok(!first.stdout.includes(String(variables["WATCHPOST_ADMIN_TOKEN"])));
  const server = new WatchpostProcess(["serve", "--port", "0", "--json"], {
    cwd: folder.path,
    environment: variables as Record<string, string>,
  });
  assert.match(await server.firstLine(), /"ready":true/);
  assert.equal((await server.kill("SIGTERM")).code, 0);
});
