/** What the fake server answers under /api/v1, in the form of the real one. */
import type { Channel } from "../src/api/channels.ts";
import type { Stats } from "../src/api/server-state.ts";
import { attemptNow, explain, owe } from "./engine.ts";
import type { FakeCall, FakeRoutes } from "./http.ts";
import { answer, fault, pageOf } from "./http.ts";
import { cancelReplay, countReplay, startReplay } from "./replays.ts";
import { isLike, selectDeliveries } from "./select.ts";
import type { FakeChannel, FakeDelivery, World } from "./world.ts";
import { isoAt, takeId } from "./world.ts";

export const adminRoutes: FakeRoutes = {
  "GET /api/v1/stats": ({ world }) => answer(statsOf(world)),
  "GET /api/v1/deliveries": (call) => pageOf("deliveries", selectDeliveries(call.world, call.query), call.query),
  "GET /api/v1/deliveries/:id": (call) => withDelivery(call, (delivery) => answer({ delivery })),
  "POST /api/v1/deliveries/:id/replay": (call) =>
    withDelivery(call, (replayOf) => {
      const channel = call.world.channels.find(({ key }) => key === replayOf.channel_key);
      if (channel === undefined) return fault(404, "not_found", "The channel is gone.");
      channel.answers = 200;
      const delivery = owe(call.world, { channel, change: null, ageMs: 0, replayOf });
      call.later(() => attemptNow(call.world, delivery));
      return answer({ delivery }, 202);
    }),
  "POST /api/v1/deliveries/:id/skip": (call) =>
    withDelivery(call, (delivery) => {
      if (delivery.settled_at !== null) return fault(409, "already_settled", "The delivery is settled.");
      Object.assign(delivery, { status: "cancelled", settled_at: isoAt(call.world), due_at: null });
      return answer({ delivery });
    }),
  "GET /api/v1/replays": ({ world, query }) => pageOf("replays", world.replays, query),
  "POST /api/v1/replays": (call) => {
    if (call.body["dry_run"] === true) return answer({ dry_run: true, count: countReplay(call.world, call.body) });
    return answer({ replay: startReplay(call) }, 201);
  },
  "POST /api/v1/replays/:id/cancel": (call) => {
    const replay = cancelReplay(call.world, Number(call.params["id"]));
    return replay === null ? fault(404, "not_found", "There is no such replay.") : answer({ replay });
  },
  "GET /api/v1/changes": ({ world, query }) => {
    const rows = world.changes.filter((change) => isLike(change, query, { module: "module", record: "record_id", operation: "operation" }));
    return pageOf("changes", rows, query);
  },
  "GET /api/v1/changes/:id/explain": ({ world, params }) => {
    const change = world.changes.find(({ id }) => String(id) === params["id"]);
    return change === undefined ? fault(404, "not_found", "There is no such change.") : answer(explain(world, change));
  },
  "GET /api/v1/channels": ({ world, query }) => {
    const rows = world.channels.filter(
      (channel) =>
        isLike(channel, query, { state: "state", kind: "kind", channel: "channel_id" }) &&
        (query.get("module") === null || channel.modules.includes(query.get("module") ?? "")),
    );
    return pageOf("channels", rows, query);
  },
  "GET /api/v1/channels/:key": (call) => withChannel(call, (channel) => answer({ channel })),
  "POST /api/v1/channels/:key/pause": (call) => withChannel(call, (channel) => answer({ channel: stand(call.world, channel, "paused") })),
  "POST /api/v1/channels/:key/resume": (call) =>
    withChannel(call, (channel) => {
      const from = channel.state_since;
      const missed = call.world.changes.filter(({ at, module }) => at > from && channel.modules.includes(module)).length;
      stand(call.world, channel, "active");
      const until = isoAt(call.world);
      return answer({
        channel,
        missed: missed === 0 ? null : { from, until, replay: { what: "missed", channel_key: channel.key, from, until } },
      });
    }),
  "POST /api/v1/channels/:key/renew": (call) =>
    withChannel(call, (channel) => answer({ channel: Object.assign(channel, { expires_at: String(call.body["until"]) }) })),
  "POST /api/v1/channels/:key/rotate": (call) =>
    withChannel(call, (channel) => {
      Object.assign(channel, { is_secret_shown: true, previous_secret_until: isoAt(call.world, -86_400_000) });
      return answer({ channel, secret: "whsec_bmV3IHNlY3JldCBvZiB0aGUgZmFrZSBzZXJ2ZXI=" });
    }),
  "POST /api/v1/channels/:key/secret": (call) =>
    withChannel(call, (channel) => {
      if (channel.is_secret_shown) return fault(409, "already_shown", "This channel's secret has been shown.");
      channel.is_secret_shown = true;
      return answer({ secret: "whsec_c2VjcmV0IG9mIHRoZSBmYWtlIHNlcnZlcg==" });
    }),
  "POST /api/v1/channels/:key/order": (call) =>
    withChannel(call, (channel) =>
      answer({ channel: Object.assign(channel, { order: call.body["order"] === "none" ? "none" : "record" }) }),
    ),
  "POST /api/v1/channels/:key/test": (call) =>
    withChannel(call, (channel) => {
      const delivery = owe(call.world, { channel, change: null, ageMs: 0 });
      call.later(() => attemptNow(call.world, delivery));
      return answer({ delivery }, 202);
    }),
  "GET /api/v1/lifecycle-events": ({ world, query }) =>
    pageOf(
      "events",
      world.lifecycle.filter(({ channel_key: key }) => query.get("channel_key") === null || String(key) === query.get("channel_key")),
      query,
    ),
  "GET /api/v1/clock": ({ world }) => answer(clockOf(world)),
  "POST /api/v1/clock": ({ world, body }) => {
    const advanceMs =
      readAdvance(body["advance"]) ?? (typeof body["now"] === "string" ? Date.parse(body["now"]) - Date.parse(isoAt(world)) : null);
    if (advanceMs === null || advanceMs < 0) return fault(409, "clock_backwards", "The clock goes forwards only.");
    world.offsetMs += advanceMs;
    return answer(clockOf(world));
  },
  "GET /api/v1/inbox": ({ world }) => answer({ url: `${world.baseUrl}/inbox/console`, messages: world.inbox }),
  "POST /api/v1/inbox/clear": ({ world }) => {
    world.inbox = [];
    return answer({});
  },
};

function withChannel(call: FakeCall, act: (channel: FakeChannel) => ReturnType<typeof answer>): ReturnType<typeof answer> {
  const channel = call.world.channels.find(({ key }) => String(key) === call.params["key"]);
  return channel === undefined ? fault(404, "not_found", "There is no such channel.") : act(channel);
}

function withDelivery(call: FakeCall, act: (delivery: FakeDelivery) => ReturnType<typeof answer>): ReturnType<typeof answer> {
  const delivery = call.world.deliveries.find(({ id }) => String(id) === call.params["id"]);
  return delivery === undefined ? fault(404, "not_found", "There is no such delivery.") : act(delivery);
}

function stand(world: World, channel: FakeChannel, state: Channel["state"]): FakeChannel {
  return Object.assign(channel, { state, state_since: isoAt(world), cause: null });
}

function clockOf(world: World) {
  const due = world.deliveries
    .flatMap(({ due_at: at }) => (at === null ? [] : [at]))
    .concat(world.channels.map(({ expires_at: at }) => at));
  return {
    now: isoAt(world),
    offset_ms: world.offsetMs,
    is_virtual: true,
    next_due: due
      .filter((at) => at > isoAt(world))
      .toSorted()
      .slice(0, 20),
  };
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readAdvance(text: unknown): number | null {
  const [, count = "", unit = ""] = /^(\d+)([smhd])$/.exec(typeof text === "string" ? text : "") ?? [];
  return count === "" ? null : Number(count) * (units[unit] ?? 0);
}

const stepMs = 5_000;

export function statsOf(world: World): Stats {
  const now = Date.parse(isoAt(world));
  const count = (status: string): number => world.deliveries.filter((delivery) => delivery.status === status).length;
  const state = (name: string): number => world.channels.filter((channel) => channel.state === name).length;
  const oldest = world.deliveries.filter(({ status }) => status === "pending").at(-1)?.committed_at ?? null;
  const failing = world.channels.filter(({ failing_since: since, state: stands }) => since !== null && stands === "active").length;
  return {
    now: isoAt(world),
    health: {
      status: failing > 0 ? "degraded" : "ok",
      sentence:
        failing > 0
          ? `${String(failing)} of ${String(world.channels.length)} channels cannot be reached; everything else is delivered.`
          : "Everything that is owed is delivered.",
      causes: failing > 0 ? ["Channel 1000000068002 has failed for 2 h."] : [],
    },
    backlog: { waiting: count("waiting"), pending: count("pending"), claimed: count("claimed"), dead: count("dead") },
    oldest_pending_at: oldest,
    channels: { active: state("active"), paused: state("paused"), disabled: state("disabled") },
    expiring: world.channels
      .filter(({ expires_at: at }) => Date.parse(at) - now < 86_400_000)
      .map(({ key, channel_id: channelId, org, expires_at: expiresAt }) => ({
        channel_key: key,
        channel_id: channelId,
        org,
        expires_at: expiresAt,
      })),
    retention: { history_ms: 7 * 86_400_000, dead_ms: 30 * 86_400_000, disable_after_ms: 5 * 86_400_000 },
    series: { step_seconds: stepMs / 1_000, points: Array.from({ length: 60 }, (_, index) => pointAt(world, now - (60 - index) * stepMs)) },
  };
}

function pointAt(world: World, fromMs: number): Stats["series"]["points"][number] {
  const made = world.attempts.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + stepMs);
  const times = made.map(({ ms }) => ms).toSorted((one, other) => one - other);
  const at = (share: number): number | null => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
  const delivered = made.filter(({ isGood }) => isGood).length;
  return {
    at: new Date(fromMs).toISOString(),
    changes: made.length,
    delivered,
    failed: made.length - delivered,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
  };
}

export function audit(world: World, entry: { readonly method: string; readonly path: string; readonly status: number }): void {
  const summary = `${entry.method === "DELETE" ? "ended" : "did"} ${entry.path.split("/").slice(-2).join(" ")}`;
  world.audit.unshift({ id: takeId(world), at: isoAt(world), actor: "console", summary, ...entry });
}
