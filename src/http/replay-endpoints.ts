/** `/api/v1/replays…`: to send again what was owed once, or what a channel missed. */
import type { ReplayOrder, ReplayRefusal } from "../app/commands.ts";
import { deliveryStatuses } from "../core/delivery.ts";
import { readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { replayKinds } from "../core/replay.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { JsonObject } from "../wire/lossless-json.ts";
import { instantOf, readCursor, readRowLimit } from "./admin-filter.ts";
import { channelUnheard, invalidParameter, readNumber, readObject, wrongValue } from "./admin-params.ts";
import { replayJson } from "./admin-views.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import { pathPart } from "./crm-endpoint.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { readText } from "./query.ts";

/** `POST /api/v1/replays`; with `"dry_run": true` it says how many there are, and sends nothing. */
export async function makeReplay({ engine, raw, onReplay }: OwnCall): Promise<Answer> {
  const body = await readObject(raw);
  if (!body.ok) return body.error;
  const order = readOrder(body.value);
  if (!order.ok) return order.error;
  if (body.value["dry_run"] === true) return countReplay(engine, order.value);
  const made = await engine.run("replays.make", order.value);
  if (!made.ok) return refused(made.error);
  onReplay();
  return ownAnswer(201, { replay: replayJson(made.value) });
}

/** Counts in steps, between which others have their turn. */
async function countReplay(engine: OwnCall["engine"], order: ReplayOrder): Promise<Answer> {
  let count = 0;
  for (let fromId: number | null = null; ;) {
    const looked: Awaited<ReturnType<typeof engine.run<"replays.count">>> = await engine.run("replays.count", { order, fromId });
    if (!looked.ok) return refused(looked.error);
    count += looked.value.found;
    fromId = looked.value.nextId;
    if (fromId === null) return ownAnswer(200, { dry_run: true, count });
  }
}

/** `GET /api/v1/replays`: the newest first. */
export async function listReplays({ engine, query }: OwnCall): Promise<Answer> {
  const beforeId = readCursor(query);
  if (!beforeId.ok) return invalidParameter(beforeId.error);
  const limit = readRowLimit(query, limits.deliveriesPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const asked = { zgid: readText(query, "org"), beforeId: beforeId.value, limit: limit.value };
  const { replays, hasMore } = await engine.run("replays.list", asked);
  const last = replays.at(-1);
  return ownAnswer(200, { replays: replays.map(replayJson), next_cursor: hasMore && last !== undefined ? String(last.id) : null });
}

/** `GET /api/v1/replays/{id}`. */
export async function showReplay({ engine, params }: OwnCall): Promise<Answer> {
  const id = readNumber(pathPart(params, "id"));
  const replay = id === null ? null : await engine.run("replays.get", { id });
  return replay === null ? unknownOwnPath() : ownAnswer(200, { replay: replayJson(replay) });
}

/** `POST /api/v1/replays/{id}/cancel`: no more of it is sent; one that has ended stays as it is. */
export async function cancelReplay({ engine, params }: OwnCall): Promise<Answer> {
  const id = readNumber(pathPart(params, "id"));
  const replay = id === null ? null : await engine.run("replays.cancel", { id });
  return replay === null ? unknownOwnPath() : ownAnswer(200, { replay: replayJson(replay) });
}

function readOrder(body: JsonObject): Result<ReplayOrder, Answer> {
  const what = replayKinds.find((kind) => kind === body["what"]);
  if (what === undefined) return refuse(wrongValue("what", replayKinds.join(" or ")));
  const texts = readTexts(body);
  if (!texts.ok) return texts;
  const { status: statusText, from, until, ...plain } = texts.value;
  const status = deliveryStatuses.find((candidate) => candidate === statusText) ?? null;
  if (status === null && statusText !== null) return refuse(wrongValue("status", deliveryStatuses.join(", ")));
  if (what === "missed" && (status !== null || plain.recordId !== null)) {
    return refuse(wrongValue(status === null ? "record" : "status", "left out: what was missed is asked for by channel, module and time"));
  }
  const fromMs = from === null ? null : instantOf(from);
  if (fromMs === null && from !== null) return refuse(wrongValue("from", expectedInstant));
  const untilMs = until === null ? null : instantOf(until);
  if (untilMs === null && until !== null) return refuse(wrongValue("until", expectedInstant));
  const key = body["channel_key"] ?? null;
  const channelKey = typeof key === "number" || typeof key === "string" ? readNumber(String(key)) : null;
  if (channelKey === null && key !== null) return refuse(wrongValue("channel_key", "the key of a channel"));
  const rate = body["rate_per_second"] ?? limits.replayPerSecond;
  const isRate = typeof rate === "number" && Number.isInteger(rate) && rate >= 1 && rate <= limits.replayPerSecondMax;
  if (!isRate) return refuse(wrongValue("rate_per_second", `a whole number from 1 to ${limits.replayPerSecondMax}`));
  return ok({ what, ...plain, channelKey, status, from: fromMs, until: untilMs, ratePerSecond: rate });
}

const expectedInstant = "a date-time with an offset, such as 2026-12-01T00:00:00Z";

type Texts = Pick<ReplayOrder, "zgid" | "channelId" | "module" | "recordId"> & {
  readonly [key in "status" | "from" | "until"]: string | null;
};

/** The values that are texts, or numbers in their place; null where one is absent. */
function readTexts(body: JsonObject): Result<Texts, Answer> {
  const names = { zgid: "org", channelId: "channel", module: "module", recordId: "record", status: "status", from: "from", until: "until" };
  const read: Record<string, string | null> = {};
  for (const [key, name] of Object.entries(names)) {
    const value = body[name] ?? null;
    if (value !== null && typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") {
      return refuse(wrongValue(name, "a text"));
    }
    read[key] = value === null ? null : String(value);
  }
  const { zgid = null, channelId = null, module = null, recordId = null, status = null, from = null, until = null } = read;
  for (const [name, value] of [
    ["channel", channelId],
    ["record", recordId],
  ] as const) {
    if (value !== null && readId(value) === null) return refuse(wrongValue(name, "an id"));
  }
  return ok({ zgid, channelId, module, recordId, status, from, until });
}

function refused(error: ReplayRefusal): Answer {
  switch (error) {
    case "org_needed":
      return wrongValue("org", "the zgid of one org, for there are several");
    case "org_unknown":
      return wrongValue("org", "the zgid of an org that is there");
    case "channel_needed":
      return wrongValue("channel_key", "given: what was missed was missed by one channel");
    case "channel_unknown":
      return wrongValue("channel_key", "the key of a channel of the org");
    case "channel_unheard":
      return channelUnheard();
    case "too_many":
      return ownError(409, {
        code: "too_many_replays",
        message: `${limits.replaysUnderWayMax} replays are under way. Wait for one to end, or cancel one.`,
      });
  }
}
