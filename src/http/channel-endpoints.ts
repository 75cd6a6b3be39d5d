/** `/api/v1/channels…`: an operator looks at channels, holds one, lets it go, renews it, and gives it another signing secret. */
import type { ChannelAct, SteerError } from "../app/commands.ts";
import { channelOrders, channelStates } from "../core/channel.ts";
import { readDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { JsonObject } from "../wire/lossless-json.ts";
import { instantOf, readCursor, readRowLimit } from "./admin-filter.ts";
import { channelJson, deliveryJson, missedJson } from "./admin-views.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import { pathPart } from "./crm-endpoint.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { channelUnheard, invalidParameter, readNumber, readObject, wrongValue } from "./admin-params.ts";
import { readIdParam, readText } from "./query.ts";

/** `GET /api/v1/channels`, by ascending key; a page may be short although more follow. */
export async function listChannels({ engine, query }: OwnCall): Promise<Answer> {
  const afterKey = readCursor(query);
  if (!afterKey.ok) return invalidParameter(afterKey.error);
  const limit = readRowLimit(query, limits.channelsPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const stateText = readText(query, "state");
  const state = channelStates.find((candidate) => candidate === stateText) ?? null;
  if (state === null && stateText !== null) return invalidParameter({ code: "param_invalid", param: "state" });
  const channelId = readIdParam(query, "channel");
  if (!channelId.ok) return invalidParameter(channelId.error);
  const filter = { zgid: readText(query, "org"), state, module: readText(query, "module"), channelId: channelId.value };
  const { channels, nextKey } = await engine.run("operate.channels", { afterKey: afterKey.value, limit: limit.value, filter });
  return ownAnswer(200, { channels: channels.map(channelJson), next_cursor: nextKey === null ? null : String(nextKey) });
}

/** `GET /api/v1/channels/{key}`. */
export async function showChannel({ engine, params }: OwnCall): Promise<Answer> {
  const channelKey = readNumber(pathPart(params, "key"));
  const channel = channelKey === null ? null : await engine.run("operate.channel", { channelKey });
  return channel === null ? unknownOwnPath() : ownAnswer(200, { channel: channelJson(channel) });
}

/** `POST /api/v1/channels/{key}/secret`: the signing secret, once; 409 ever after. */
export async function revealSecret({ engine, params }: OwnCall): Promise<Answer> {
  const channelKey = readNumber(pathPart(params, "key"));
  if (channelKey === null) return unknownOwnPath();
  const revealed = await engine.run("operate.revealSecret", { channelKey });
  if (revealed.ok) return ownAnswer(200, { secret: revealed.value.secret });
  if (revealed.error === "unknown") return unknownOwnPath();
  return ownError(409, { code: "already_shown", message: "This channel's secret has been shown, and is shown only once." });
}

/** `POST /api/v1/channels/{key}/pause`: nothing is sent or owed until it is resumed. */
export function pauseChannel(call: OwnCall): Promise<Answer> {
  return steer(call, () => ok({ kind: "pause" }));
}

/** `POST /api/v1/channels/{key}/resume`: what was pending goes out, what comes is owed again. */
export function resumeChannel(call: OwnCall): Promise<Answer> {
  return steer(call, () => ok({ kind: "resume" }));
}

/** `POST /api/v1/channels/{key}/renew` with `{"until":"2026-12-01T00:00:00Z"}`. */
export function renewChannel(call: OwnCall): Promise<Answer> {
  return steer(call, ({ until }) => {
    const atMs = typeof until === "string" || typeof until === "number" ? instantOf(String(until)) : null;
    return atMs === null
      ? refuse(wrongValue("until", "a date-time with an offset, such as 2026-12-01T00:00:00Z"))
      : ok({ kind: "renew", until: atMs });
  });
}

/** `POST /api/v1/channels/{key}/rotate` with `{"overlap":"24h"}` or nothing: the new secret, shown here and never again. */
export function rotateSecret(call: OwnCall): Promise<Answer> {
  return steer(call, ({ overlap }) => {
    if (overlap === undefined) return ok({ kind: "rotate", overlapMs: limits.secretOverlapMs });
    const overlapMs = typeof overlap === "string" ? readDuration(overlap) : null;
    const isInBounds = overlapMs !== null && overlapMs <= limits.secretOverlapMsMax;
    return isInBounds ? ok({ kind: "rotate", overlapMs }) : refuse(wrongValue("overlap", "a length of time of at most 7d, such as 24h"));
  });
}

/** `POST /api/v1/channels/{key}/order` with `{"order":"none"}` or `{"order":"record"}`. */
export function orderChannel(call: OwnCall): Promise<Answer> {
  return steer(call, ({ order: given }) => {
    const order = channelOrders.find((candidate) => candidate === given);
    return order === undefined ? refuse(wrongValue("order", channelOrders.join(" or "))) : ok({ kind: "order", order });
  });
}

/** `POST /api/v1/channels/{key}/test`: owes the channel a notification that no write made, under `webhook-test: true`. */
export async function testChannel({ engine, params }: OwnCall): Promise<Answer> {
  const channelKey = readNumber(pathPart(params, "key"));
  if (channelKey === null) return unknownOwnPath();
  const made = await engine.run("channels.test", { channelKey });
  if (made.ok) return ownAnswer(202, { delivery: deliveryJson(made.value) });
  return made.error === "unknown" ? unknownOwnPath() : channelUnheard();
}

async function steer({ engine, params, raw }: OwnCall, read: (body: JsonObject) => Result<ChannelAct, Answer>): Promise<Answer> {
  const channelKey = readNumber(pathPart(params, "key"));
  if (channelKey === null) return unknownOwnPath();
  const body = await readObject(raw);
  if (!body.ok) return body.error;
  const act = read(body.value);
  if (!act.ok) return act.error;
  const steered = await engine.run("operate.steerChannel", { channelKey, act: act.value });
  if (!steered.ok) return refused(steered.error);
  const { channel, secret, missed } = steered.value;
  const offer = act.value.kind === "resume" || act.value.kind === "renew" ? { missed: missedJson(channel, missed) } : {};
  return ownAnswer(200, { channel: channelJson(channel), ...(secret === null ? {} : { secret }), ...offer });
}

function refused(error: SteerError): Answer {
  switch (error) {
    case "unknown":
      return unknownOwnPath();
    case "disabled":
      return ownError(409, { code: "channel_disabled", message: "This channel is disabled. It can be resumed, not paused." });
    case "until_out_of_range":
      return wrongValue("until", "an instant to come, at most 366 days ahead");
  }
}
