/** What the commands on one channel do: an act by POST, then the channel as it stands, and what to do next. */
import { exitCodes } from "../command.ts";
import { answer } from "../print/output.ts";
import { pairLines } from "../print/table.ts";
import type { Frame } from "../print/table.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { absent, cellAt, instantAt, objectAt, objectsAt, textAt, valueAt } from "../remote/json-values.ts";
import type { Call } from "../tree/command-spec.ts";
import { argumentAt, pathPart } from "../tree/read-values.ts";
import { conditionLines } from "./condition-tree.ts";

export type Act = {
  /** The last part of the path. */
  readonly name: string;
  readonly body: JsonObject;
  /** Lines below the channel. */
  readonly notes: (answered: JsonObject, key: string) => readonly string[];
};

/** Does it to the channel whose key is the first argument. */
export async function steerChannel(call: Call, { name, body, notes }: Act): Promise<number> {
  const key = argumentAt(call, 0);
  const answered = await adminClient(call.connection).post(`/api/v1/channels/${pathPart(key)}/${name}`, { body, what: `channel ${key}` });
  answer(call, answered, (frame) => {
    const channel = objectAt(answered, "channel");
    return [...(textAt(channel, "key") === null ? [] : channelPairs(channel, frame)), ...notes(answered, key)];
  });
  return exitCodes.good;
}

/** Everything that a channel's row says. */
export function channelLines(channel: JsonObject, frame: Frame): readonly string[] {
  const subscriptions = objectsAt(channel, "subscriptions").flatMap((subscription) => subscriptionLines(subscription, frame));
  return [...channelPairs(channel, frame), ...(subscriptions.length === 0 ? [] : ["", ...subscriptions])];
}

function channelPairs(channel: JsonObject, frame: Frame): readonly string[] {
  return pairLines(
    [
      ["key", textAt(channel, "key")],
      ["channel_id", textAt(channel, "channel_id")],
      ["org", textAt(channel, "org")],
      ["user", textAt(channel, "user_id")],
      ["state", stateOf(channel)],
      ["target", textAt(channel, "notify_url")],
      ["modules", cellAt(channel, "modules")],
      ["expires", instantAt(channel, "expires_at")],
      ["kind", textAt(channel, "kind")],
      ["order", textAt(channel, "order")],
      ["failing since", instantOrNull(channel, "failing_since")],
      ["secret shown", cellAt(channel, "is_secret_shown")],
      ["old secret until", instantOrNull(channel, "previous_secret_until")],
      ["token", valueAt(channel, "has_token") === undefined ? null : cellAt(channel, "has_token")],
    ],
    frame,
  );
}

/** The state, with its cause and since when, where it is not `active`. */
function stateOf(channel: JsonObject): string | null {
  const state = textAt(channel, "state");
  if (state === null || state === "active") return state;
  const cause = textAt(channel, "cause");
  return `${state}${cause === null ? "" : ` (${cause})`} since ${instantAt(channel, "state_since")}`;
}

function instantOrNull(channel: JsonObject, key: string): string | null {
  const text = instantAt(channel, key);
  return text === absent ? null : text;
}

function subscriptionLines(subscription: JsonObject, frame: Frame): readonly string[] {
  const head = `${cellAt(subscription, "module")}: ${cellAt(subscription, "operations")}`;
  const condition = valueAt(subscription, "condition");
  const tree =
    condition === null || condition === undefined ? [] : ["  when", ...conditionLines(condition, frame).map((line) => `    ${line}`)];
  return [head, ...tree];
}
