/** The channel keeper: over a week of the real server's virtual clock, and with servers that shorten, forget, fail and refuse. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ApiError,
  type ChannelKeeper,
  type KeeperEvent,
  type KeeperOptions,
  createWatchClient,
  keepChannel,
} from "../../src/client/api/index.ts";
import { VirtualClock } from "../../src/config/virtual-clock.ts";
import { type App, startApp } from "../support/app.ts";
import { ManualClock } from "../support/clock.ts";
import { at, listAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";
import { credentialsOf } from "../support/seeds.ts";
import { type Asked, type FakeAnswer, fakeServer } from "./fake-server.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startedAt = Date.UTC(2026, 0, 15, 9, 30, 0);
const random = { next: () => 0.5 };

type Kept = { readonly keeper: ChannelKeeper; readonly events: readonly KeeperEvent[]; readonly kinds: () => readonly string[] };

describe("against the real server", () => {
  async function keep(app: App, notifyUrl: string, options: Partial<KeeperOptions> = {}): Promise<Kept> {
    const events: KeeperEvent[] = [];
    const keeper = keepChannel({
      client: createWatchClient({ baseUrl: app.baseUrl, auth: credentialsOf("acme"), version: "v6", clock: app.virtualClock }),
      channel: { channel_id: "1", events: ["Deals.all"], notify_url: notifyUrl, token: "the token", return_affected_field_values: true },
      onEvent: (event) => void events.push(event),
      clock: app.virtualClock,
      random,
      ...options,
    });
    app.virtualClock.waitFor(keeper.quiet);
    await keeper.start();
    return { keeper, events, kinds: () => events.map(({ kind }) => kind) };
  }

  async function advance(app: App, ms: number): Promise<void> {
    const moved = await app.virtualClock.advance(ms);
    assert.ok(moved.ok, moved.ok ? "" : moved.error);
  }

  for (const renewBy of ["POST", "PUT", "PATCH"] as const) {
    test(`a channel of an hour is kept for a week by ${renewBy}, without a gap, and keeps its token`, async () => {
      await using app = await startApp();
      await using receiver = await Receiver.start();
      const { keeper, events, kinds } = await keep(app, receiver.url(), { renewBy, lifetimeMs: hourMs });
      await using _ = keeper;
      for (let day = 1; day <= 7; day += 1) {
        await advance(app, dayMs);
        await (await app.client()).insert("Deals", { Deal_Name: `Deal of day ${day}`, Stage: "Qualification" });
        const { body } = await receiver.next();
        assert.equal(textAt(body, "token"), "the token");
        assert.equal(listAt(body, "affected_values").length, 1);
      }
      assert.deepEqual([...new Set(kinds())], ["subscribed", "renewed"]);
      // A fifth of the hour ahead, and by chance a tenth of that more: every 46.8 minutes.
      assert.equal(events.length, 1 + Math.floor((7 * dayMs) / (46.8 * minuteMs)));
    });
  }

  test("the longest lifetime is asked for and granted in every version's bounds, and renewed before its end", async () => {
    await using app = await startApp();
    for (const [version, lifetimeMs] of [
      ["v2", dayMs],
      ["v8", 7 * dayMs],
    ] as const) {
      const client = createWatchClient({ baseUrl: app.baseUrl, auth: credentialsOf("acme"), version, clock: app.virtualClock });
      const { keeper } = await keep(app, "http://127.0.0.1:9/", { client });
      assert.equal((keeper.kept?.expiresAt ?? 0) - app.virtualClock.now(), lifetimeMs - 5 * minuteMs, version);
      await keeper.stop();
    }
  });

  test("a channel that somebody has disabled is found missing within the hour, comes back, and the gap is reported", async () => {
    await using app = await startApp();
    const { keeper, events } = await keep(app, "http://127.0.0.1:9/");
    await using _ = keeper;
    await advance(app, 90 * minuteMs);
    const client = await app.client();
    assert.equal((await client.request("DELETE", "/actions/watch?channel_ids=1")).status, 200);
    await advance(app, hourMs);
    assert.deepEqual(events.slice(1), [
      { ...events[1], kind: "subscribed" },
      { kind: "gap", from: startedAt + hourMs, until: startedAt + 2 * hourMs, cause: "forgotten" },
    ]);
    assert.equal((await (await app.client()).request("GET", "/actions/watch?channel_id=1")).status, 200);
  });

  test("stop with disables takes the channel away, and twice is fine", async () => {
    await using app = await startApp();
    const { keeper } = await keep(app, "http://127.0.0.1:9/");
    await keeper.stop({ disables: true });
    await keeper.stop({ disables: true });
    assert.equal((await (await app.client()).request("GET", "/actions/watch?channel_id=1")).status, 204);
  });

  test("an unknown module ends the start with the server's refusal", async () => {
    await using app = await startApp();
    const channel = { channel_id: "1", events: ["Nothing.all"], notify_url: "http://127.0.0.1:9/" } as const;
    await assert.rejects(
      keep(app, "", { channel }),
      (error) => error instanceof ApiError && error.code === "INVALID_DATA" && error.param === "events",
    );
  });
});

/** A channel of a server that can be told how to behave; it keeps what it was told by its own clock. */
function fakeWorld(options: Partial<KeeperOptions> = {}) {
  const base = new ManualClock(startedAt);
  const clock = new VirtualClock({ base, offsetMs: 0, keepOffset: () => Promise.resolve() });
  const state = { grantMs: hourMs, channelUntil: 0, answer: null as null | ((asked: Asked) => FakeAnswer | null) };
  const item = (code: string, message: string, details: object) => ({
    watch: [{ code, details, message, status: code === "SUCCESS" ? "success" : "error" }],
  });
  const server = fakeServer((asked) => {
    const told = state.answer?.(asked) ?? null;
    if (told !== null) return told;
    const isThere = state.channelUntil > clock.now();
    const row = () => ({
      channel_id: "1",
      resource_id: "9",
      resource_name: "Deals",
      events: ["Deals.edit"],
      channel_expiry: new Date(state.channelUntil).toISOString(),
    });
    if (asked.method === "GET") return isThere ? { json: { watch: [row()], info: { more_records: false } } } : { status: 204 };
    const unknown = item("NOT_SUBSCRIBED", "Not subscribed for actions-watch of the given channel", {});
    if (asked.method !== "POST" && !isThere) return { status: 400, json: unknown };
    state.channelUntil = clock.now() + state.grantMs;
    return { status: asked.method === "POST" ? 201 : 200, json: item("SUCCESS", "m", { events: [row()] }) };
  });
  const events: KeeperEvent[] = [];
  const keeper = keepChannel({
    client: createWatchClient({
      baseUrl: "https://crm.example.com",
      auth: { accessToken: "t" },
      fetch: server.fetch,
      version: "v8",
      clock,
    }),
    channel: { channel_id: "1", events: ["Deals.edit"], notify_url: "https://receiver.example.com/", token: "the token" },
    onEvent: (event) => void events.push(event),
    clock,
    random,
    checkEveryMs: null,
    ...options,
  });
  clock.waitFor(keeper.quiet);
  const advance = async (ms: number): Promise<void> => {
    assert.ok((await clock.advance(ms)).ok);
  };
  const calls = (): readonly string[] => server.asked.map(({ method }) => method);
  return { clock, state, server, events, keeper, advance, calls };
}

describe("with servers that misbehave", () => {
  test("what the server grants counts, not what was asked for", async () => {
    const { keeper, events, advance, calls } = fakeWorld({ leadMs: 6 * hourMs });
    await using _ = keeper;
    const kept = await keeper.start();
    assert.equal(kept.askedUntil - startedAt, 7 * dayMs - 5 * minuteMs);
    assert.equal(kept.expiresAt - startedAt, hourMs);
    assert.equal(kept.renewAt - startedAt, hourMs / 2, "not six hours ahead, which has passed");
    await advance(dayMs);
    assert.equal(calls().length, 1 + 48);
    assert.deepEqual([...new Set(events.map(({ kind }) => kind))], ["subscribed", "renewed"]);
  });

  for (const renewBy of ["PUT", "PATCH"] as const) {
    test(`a channel that the server has forgotten is subscribed again within the same renewal by ${renewBy}`, async () => {
      const { keeper, state, events, advance, calls, server } = fakeWorld({ renewBy });
      await using _ = keeper;
      await keeper.start();
      state.channelUntil = 0;
      await advance(hourMs);
      assert.deepEqual(calls(), ["POST", renewBy, "POST"]);
      const renewal: unknown = JSON.parse(server.asked[1]?.body ?? "");
      assert.deepEqual(Object.keys(Object(at(renewal, "watch", 0))).toSorted(), [
        "channel_expiry",
        "channel_id",
        "events",
        "notify_url",
        "token",
      ]);
      const back = events.at(-1);
      assert.ok(back?.kind === "gap");
      assert.deepEqual([back.cause, back.from], ["forgotten", startedAt]);
      assert.ok(back.until > startedAt + 30 * minuteMs && back.until < startedAt + hourMs);
    });
  }

  test("while the server is down it is asked again with growing waits, and the gap begins at the expiry", async () => {
    const { keeper, clock, state, events, advance } = fakeWorld();
    await using _ = keeper;
    await keeper.start();
    state.answer = () => ({ status: 503, text: "<html>" });
    await advance(3 * hourMs);
    const failures = events.filter((event) => event.kind === "failed");
    const waits = failures
      .slice(0, 4)
      .map((failed, index) => failed.retryAt - (failures[index - 1]?.retryAt ?? startedAt + 46.8 * minuteMs));
    assert.deepEqual(waits.map(Math.round), [3_750, 7_500, 15_000, 30_000]);
    assert.ok(failures.length < (3 * hourMs) / (4 * minuteMs * 0.9), `${failures.length} requests`);
    assert.deepEqual([failures[0]?.isDark, failures.at(-1)?.isDark], [false, true]);
    assert.equal(keeper.kept, null);
    state.answer = null;
    await advance(10 * minuteMs);
    const [subscribed, gap] = events.slice(events.findLastIndex((event) => event.kind === "failed") + 1);
    assert.equal(subscribed?.kind, "subscribed");
    assert.ok(gap?.kind === "gap");
    assert.deepEqual([gap.from, gap.cause], [startedAt + hourMs, "expired"]);
    assert.ok(gap.until <= clock.now() && gap.until >= startedAt + 3 * hourMs);
    assert.equal(failures.at(-1)?.act, "subscribe");
  });

  test("a fault that passes before the expiry is no gap", async () => {
    const { keeper, state, events, advance } = fakeWorld();
    await using _ = keeper;
    await keeper.start();
    let faults = 3;
    state.answer = () => ((faults -= 1) >= 0 ? { status: 500, json: { code: "INTERNAL_ERROR", message: "m" } } : null);
    await advance(hourMs);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["subscribed", "failed", "failed", "failed", "renewed"],
    );
  });

  test("a server that asks for a longer pause gets it", async () => {
    const { keeper, state, events, advance, calls } = fakeWorld();
    await using _ = keeper;
    await keeper.start();
    state.answer = () => ({ status: 429, json: { code: "TOO_MANY_REQUESTS", message: "m" }, headers: { "Retry-After": "600" } });
    await advance(56 * minuteMs);
    assert.equal(calls().length, 2);
    const [failed] = events.slice(-1);
    assert.ok(failed?.kind === "failed");
    assert.equal(failed.retryAt, startedAt + 56.8 * minuteMs);
  });

  test("a check that fails leaves the channel be, one that finds an earlier end brings the renewal forward", async () => {
    const { keeper, state, events, advance, calls } = fakeWorld({ checkEveryMs: hourMs });
    state.grantMs = dayMs;
    await using _ = keeper;
    await keeper.start();
    state.answer = ({ method }) => (method === "GET" ? { status: 401, json: { code: "OAUTH_SCOPE_MISMATCH", message: "m" } } : null);
    await advance(hourMs);
    const failed = events.at(-1);
    assert.ok(failed?.kind === "failed");
    assert.deepEqual([failed.act, failed.isDark], ["check", false]);
    state.answer = null;
    state.channelUntil = startedAt + 4 * hourMs;
    await advance(hourMs);
    assert.equal(keeper.kept?.expiresAt, startedAt + 4 * hourMs);
    await advance(2 * hourMs);
    assert.ok(calls().filter((method) => method === "POST").length === 2);
    assert.equal(events.filter(({ kind }) => kind === "gap").length, 0);
  });

  test("a refusal after the start is reported and tried again, for what is wrong may be put right", async () => {
    const { keeper, state, events, advance } = fakeWorld();
    await using _ = keeper;
    await keeper.start();
    state.answer = () => ({ status: 401, json: { code: "INVALID_TOKEN", message: "m" } });
    await advance(50 * minuteMs);
    assert.ok(events.some((event) => event.kind === "failed" && event.error instanceof ApiError && event.error.code === "INVALID_TOKEN"));
    state.answer = null;
    await advance(5 * minuteMs);
    assert.equal(events.at(-1)?.kind, "renewed");
  });

  test("a server that is down at the start is waited for, and stop ends the waiting", async () => {
    const { keeper, state, advance } = fakeWorld();
    state.answer = () => ({ status: 503 });
    const started = keeper.start();
    await advance(hourMs);
    state.answer = null;
    await advance(hourMs);
    assert.equal((await started).expiresAt > startedAt + hourMs, true);
    await keeper.stop();
    const other = fakeWorld();
    other.state.answer = () => ({ status: 503 });
    const never = other.keeper.start();
    await other.advance(minuteMs);
    await other.keeper.stop();
    await assert.rejects(never, { name: "AbortError" });
    assert.equal(other.keeper.quiet.isIdle, true);
    await assert.rejects(other.keeper.start(), { name: "AbortError" });
  });

  test("what was missed while the program did not run is reported, when it says when the channel ended", async () => {
    const { keeper, events } = fakeWorld({ lastExpiresAt: startedAt - 5 * hourMs });
    await using _ = keeper;
    await keeper.start();
    assert.deepEqual(events.at(-1), { kind: "gap", from: startedAt - 5 * hourMs, until: startedAt, cause: "expired" });
  });

  test("no event holds the token", async () => {
    const { keeper, state, events, advance } = fakeWorld();
    await using _ = keeper;
    await keeper.start();
    state.answer = () => ({ status: 500, text: "?" });
    await advance(2 * hourMs);
    const text = events
      .map((event) => (event.kind === "failed" ? String(event.error) + JSON.stringify(event) : JSON.stringify(event)))
      .join();
    assert.ok(text.length > 100 && !text.includes("the token"));
  });
});
