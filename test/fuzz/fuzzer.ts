/**
 * Runs the server as people run it, with little memory to lose, sends it requests of all kinds from several workers at once, and looks
 * at every answer; at the end the server must still work, stop when it is told, and leave a store that opens clean.
 */
import http from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { accessTokenOf, send as ask } from "../support/client.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import type { ReadyLine, WatchpostProcess } from "../support/process.ts";
import { clientFile, credentialsOf, orgFile } from "../support/seeds.ts";
import type { Knowledge, Word } from "./knowledge.ts";
import { Random } from "./random.ts";
import { makeRequest, spots } from "./requests.ts";
import type { FuzzRequest } from "./requests.ts";
import { send } from "./transport.ts";
import type { Came, Target } from "./transport.ts";
import { faultOf } from "./verdict.ts";

export type FuzzOptions = {
  readonly seed: number;
  /** The run ends at whichever comes first. */
  readonly seconds: number;
  readonly requests: number;
};

export type Finding = { readonly fault: string; readonly request: string; readonly answer: string; readonly times: number };

export type FuzzReport = {
  readonly findings: readonly Finding[];
  readonly requests: number;
  /** How many answers had each status; 0 for those that were none. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Spots that never answered 2xx: their inside was not reached. */
  readonly neverGood: readonly string[];
  readonly rssBytes: { readonly early: number; readonly late: number };
};

const workers = 8;
const watchdogMs = 15_000;
/** Of one heap: whoever keeps what each request brings does not get far with it. */
const heapMegabytesMax = 192;
/** Room for the store's page cache of 64 MiB, which a run fills, and for a heap between two collections. */
const rssGrowthBytesMax = 128 * 1024 * 1024;
const ownUserId = "554023000050000001";
const owner = { email: "owner@acme.example", first_name: "Ada", last_name: "Owner", password: "a long password" };
const webClient = { client_id: "1000.web", client_secret: "secret-of-web", redirect_uri: "https://app.example/callback" };
const seedFile = orgFile("acme", "554023000", {
  users: [owner],
  clients: [clientFile("acme", owner.email), { ...webClient, scope: "ZohoCRM.modules.ALL" }],
});
const wordShapes: readonly (readonly [Word, RegExp])[] = [
  ["pageToken", /"next_page_token":"([^"]+)"/],
  ["ticket", /name="ticket" value="([^"]+)"/],
  ["code", /[?&]code=([^&]+)/],
  ["accessToken", /"access_token":"([^"]+)"/],
];

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  using folder = new TemporaryFolder();
  await using sink = await startSink();
  const seed = folder.file("seed.json", seedFile);
  // Half of the seeds have a clock that requests may move.
  const command = options.seed % 2 === 0 ? "serve" : "dev";
  const args = [command, "--data", join(folder.path, "data"), "--seed", seed, "--allow-target", "127.0.0.0/8", "--log-level", "error"];
  // One arena: with one a thread, what malloc keeps for later looks like a leak.
  const environment = { NODE_OPTIONS: `--max-old-space-size=${heapMegabytesMax}`, MALLOC_ARENA_MAX: "1" };
  const { server, ready } = await startProcess(args, { environment });
  await using _ = server;
  const run = new Run(options, { server, ready, notifyOrigin: sink.origin });
  await run.signIn();
  await Promise.all(Array.from({ length: workers }, (_unused, index) => run.work(index)));
  await run.checkAlive();
  const finished = await server.kill("SIGTERM");
  if (finished.code !== 0) {
    run.note("the server did not stop well", { request: "SIGTERM", answer: `${finished.code} ${finished.stderr.slice(-2_000)}` });
  }
  const logged = finished.stderr.split("\n").filter((line) => /fault|uncaught|unhandled/i.test(line));
  if (logged.length > 0) run.note("the server logged a fault", { request: "(see the log)", answer: logged.slice(0, 5).join("\n") });
  checkStore(folder.path, run);
  await reopen(args, environment, run);
  return run.report();
}

type Under = { readonly server: WatchpostProcess; readonly ready: ReadyLine; readonly notifyOrigin: string };

class Run {
  readonly #options: FuzzOptions;
  readonly #under: Under;
  readonly #endsAt: number;
  readonly #findings = new Map<string, Finding>();
  readonly #statuses = new Map<number, number>();
  readonly #good = new Set<string>();
  readonly #rss: number[] = [];
  readonly #ids = new Map<string, string[]>();
  readonly #words = new Map<Word, string[]>();
  #accessToken = "";
  #signingIn: Promise<void> | null = null;
  #requests = 0;

  constructor(options: FuzzOptions, under: Under) {
    this.#options = options;
    this.#under = under;
    this.#endsAt = Date.now() + options.seconds * 1_000;
  }

  async work(index: number): Promise<void> {
    const random = new Random(this.#options.seed * 1_000 + index);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const target = { port: Number(new URL(this.#under.ready.baseUrl).port), agent, watchdogMs };
    while (Date.now() < this.#endsAt && this.#requests < this.#options.requests && this.#findings.size < 20) {
      this.#requests += 1;
      // The first round visits every spot once.
      const spot = spots[this.#requests - 1] ?? random.pick(spots);
      if (spot === undefined) return;
      await this.#play(makeRequest(spot, this.#knowledge(), random), target);
    }
    agent.destroy();
  }

  async #play(request: FuzzRequest, target: Target): Promise<void> {
    const came = await this.#sendTwice(target, request);
    const fault = faultOf(request, came);
    if (fault !== null) this.note(fault, { at: nameOf(request.spot), request: describeRequest(request), answer: describe(came) });
    this.#statuses.set(came.kind === "answer" ? came.status : 0, (this.#statuses.get(came.kind === "answer" ? came.status : 0) ?? 0) + 1);
    if (this.#requests % 100 === 0) this.#rss.push(rssBytesOf(this.#under.server.pid));
    if (came.kind !== "answer") return;
    if (came.status < 300) this.#good.add(nameOf(request.spot));
    if (came.status === 401 && request.spot.surface === "crm" && came.text.includes("INVALID_TOKEN")) await this.signIn();
    this.#learn(request, `${came.text}${came.headers.get("location") ?? ""}`);
  }

  /** The server may close a kept connection at the moment at which we use it; that is no fault of either. */
  async #sendTwice(target: Target, request: FuzzRequest): Promise<Came> {
    const came = await send(target, request);
    const isStale = came.kind === "ended" && request.raw === null && /ECONNRESET|socket hang up|EPIPE/.test(came.reason);
    return isStale ? send(target, request) : came;
  }

  signIn(): Promise<void> {
    this.#signingIn ??= accessTokenOf(this.#under.ready.baseUrl, credentialsOf("acme")).then((token) => {
      this.#accessToken = token;
      this.#signingIn = null;
    });
    return this.#signingIn;
  }

  async checkAlive(): Promise<void> {
    await this.signIn();
    const { baseUrl } = this.#under.ready;
    const headers = { Authorization: `Bearer ${this.#accessToken}` };
    for (const path of ["/crm/v6/org", "/crm/v8/settings/fields?module=Deals", "/crm/v6/actions/watch"]) {
      const { status, text } = await ask(baseUrl, { method: "GET", path, headers });
      if (status !== 200 && status !== 204) this.note("the server works no more", { request: `GET ${path}`, answer: `${status} ${text}` });
    }
    const { status } = await ask(baseUrl, { method: "GET", path: "/livez" });
    if (status !== 200) this.note("the server lives no more", { request: "GET /livez", answer: String(status) });
    const { early, late } = this.#rssBytes();
    if (late - early > rssGrowthBytesMax) {
      this.note("memory grows", { request: `${this.#requests} requests`, answer: `${early} to ${late} bytes` });
    }
  }

  /** One finding a fault and place, with the first request that showed it. */
  note(fault: string, { at = "", request, answer }: { readonly at?: string; readonly request: string; readonly answer: string }): void {
    const key = `${fault.slice(0, 60)} ${at}`;
    const before = this.#findings.get(key);
    this.#findings.set(key, before === undefined ? { fault, request, answer, times: 1 } : { ...before, times: before.times + 1 });
  }

  report(): FuzzReport {
    return {
      findings: [...this.#findings.values()],
      requests: this.#requests,
      statuses: this.#statuses,
      neverGood: spots.map(nameOf).filter((name) => !this.#good.has(name)),
      rssBytes: this.#rssBytes(),
    };
  }

  #knowledge(): Knowledge {
    const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = credentialsOf("acme");
    return {
      zgid: seedFile.org.zgid,
      accessToken: this.#accessToken,
      adminToken: this.#under.ready.adminToken,
      credentials: { client_id, client_secret, refresh_token },
      notifyOrigin: this.#under.notifyOrigin,
      ownUserId,
      ids: this.#ids,
      words: this.#words,
      webClient,
      user: { email: owner.email, password: owner.password },
    };
  }

  #learn({ spot, target }: FuzzRequest, text: string): void {
    for (const [word, shape] of wordShapes) {
      const found = shape.exec(text)?.[1];
      if (found !== undefined) this.#words.set(word, [...(this.#words.get(word) ?? []), found].slice(-5));
    }
    if (spot.surface !== "crm") return;
    const kind = /^\/crm\/v[\d.]+\/(?:settings\/)?(\w+)/.exec(target)?.[1] ?? "";
    const known = this.#ids.get(kind) ?? [];
    for (const [, id = ""] of text.matchAll(/"id":"(\d{12,25})"/g)) if (id !== ownUserId && !known.includes(id)) known.push(id);
    this.#ids.set(kind, known.slice(-60));
  }

  /** Medians of the second and the last quarter: at first the program is still warming up. */
  #rssBytes(): { readonly early: number; readonly late: number } {
    const quarter = Math.ceil(this.#rss.length / 4);
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    return { early: median(this.#rss.slice(quarter, 2 * quarter)), late: median(this.#rss.slice(-quarter)) };
  }
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}

function describeRequest({ method, target, headers, body, raw }: FuzzRequest): string {
  const lines = headers.map(
    ([name, value]) => `${name}: ${name === "Authorization" ? `${value.split(" ", 1)[0] ?? ""} …` : value.slice(0, 100)}`,
  );
  const how = raw === null ? [] : [`(raw, ${raw.claimedBytes} bytes claimed${raw.isCut ? ", then gone" : ""})`];
  return [`${method} ${target.slice(0, 2_000)}`, ...lines, ...how, body === null ? "" : body.toString("utf8").slice(0, 4_000)].join("\n");
}

function describe(came: Came): string {
  if (came.kind !== "answer") return came.kind === "ended" ? came.reason : "silence";
  return `${came.status} ${came.headers.get("content-type") ?? ""}\n${came.text.slice(0, 1_000)}`;
}

function rssBytesOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    // Expected where there is no /proc, and when the server is gone, which shows elsewhere.
    return 0;
  }
}

function checkStore(folder: string, run: Run): void {
  const database = new DatabaseSync(join(folder, "data", "watchpost.sqlite"));
  const rows = database.prepare("pragma integrity_check").all();
  database.close();
  const text = JSON.stringify(rows);
  if (text !== '[{"integrity_check":"ok"}]') run.note("the store is damaged", { request: "pragma integrity_check", answer: text });
}

async function reopen(args: readonly string[], environment: Readonly<Record<string, string>>, run: Run): Promise<void> {
  const { server, ready } = await startProcess(args, { environment });
  await using _ = server;
  const { status, text } = await ask(ready.baseUrl, { method: "GET", path: "/readyz" });
  if (status !== 200) run.note("the store does not open clean", { request: "GET /readyz", answer: `${status} ${text}` });
  await server.kill("SIGTERM");
}

/** A target that answers in every way. */
async function startSink(): Promise<{ readonly origin: string } & AsyncDisposable> {
  let asked = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead([200, 200, 200, 200, 404, 503, 302][asked++ % 7] ?? 200).end("ok"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
