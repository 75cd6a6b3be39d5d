/** Replays on the fake server: twenty a second, so that there is something to see and to cancel. */
import type { Json, JsonObject } from "../src/api/json.ts";
import type { Replay } from "../src/api/replays.ts";
import { attemptNow, owe } from "./engine.ts";
import type { FakeCall } from "./http.ts";
import { selectDeliveries } from "./select.ts";
import type { FakeDelivery, World } from "./world.ts";
import { isoAt, takeId } from "./world.ts";

const tickMs = 50;

export function countReplay(world: World, order: JsonObject): number {
  return order["what"] === "missed" ? missedCount(world, order) : chosen(world, order).length;
}

export function startReplay({ world, body, later }: FakeCall): Replay {
  const waiting = [...chosen(world, body)];
  const replay = {
    id: takeId(world),
    what: body["what"] === "missed" ? ("missed" as const) : ("deliveries" as const),
    org: null,
    channel_key: typeof body["channel_key"] === "number" ? body["channel_key"] : null,
    channel_id: world.channels.find(({ key }) => key === body["channel_key"])?.channel_id ?? null,
    module: textOf(body["module"]),
    record: textOf(body["record"]),
    status: textOf(body["status"]),
    from: textOf(body["from"]),
    until: textOf(body["until"]),
    rate_per_second: 100,
    state: "running" as Replay["state"],
    total: waiting.length,
    sent: 0,
    created_at: isoAt(world),
    finished_at: null as string | null,
  };
  world.replays.unshift(replay);
  const step = (): void => {
    if (replay.state !== "running") return;
    const next = waiting.shift();
    if (next === undefined) {
      Object.assign(replay, { state: "done", finished_at: isoAt(world) });
      return;
    }
    const channel = world.channels.find(({ key }) => key === next.channel_key);
    if (channel !== undefined) attemptNow(world, owe(world, { channel, change: null, ageMs: 0, replayOf: next }));
    replay.sent += 1;
    later(step, tickMs);
  };
  later(step, tickMs);
  return replay;
}

export function cancelReplay(world: World, id: number): Replay | null {
  const replay = world.replays.find((candidate) => candidate.id === id);
  if (replay === undefined) return null;
  return Object.assign(replay, { state: "cancelled", finished_at: isoAt(world) });
}

function chosen(world: World, order: JsonObject): readonly FakeDelivery[] {
  const names = ["channel", "channel_key", "module", "status", "record", "from", "until"];
  const params = new URLSearchParams();
  for (const name of names) if (order[name] !== undefined) params.set(name, String(order[name]));
  if (order["what"] === "missed") params.delete("from");
  return selectDeliveries(world, params);
}

function missedCount(world: World, order: JsonObject): number {
  const from = textOf(order["from"]) ?? "";
  return world.changes.filter(({ at }) => at > from).length;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
