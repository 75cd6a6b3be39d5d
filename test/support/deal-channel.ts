/** The channel and the deal that the tests of the main job begin with. */
import assert from "node:assert/strict";
import type { App } from "./app.ts";
import { numberAt, textAt } from "./json.ts";
import type { Receiver } from "./receiver.ts";

export const channelId = "1000000068002";
export const deal = { Deal_Name: "Big one", Stage: "Qualification", Probability: 10, Amount: 100 };

export function channelFor(receiver: Receiver, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { channel_id: channelId, events: ["Deals.edit"], token: "deals.all.notif", notify_url: receiver.url(), ...more };
}

export function onFields(selection: unknown): Readonly<Record<string, unknown>> {
  return { notification_condition: [{ type: "field_selection", module: { api_name: "Deals" }, field_selection: selection }] };
}

export function field(name: string): unknown {
  return { field: { api_name: name } };
}

export async function secretOf(app: App): Promise<string> {
  const channels = await app.admin("GET", "/channels");
  const key = numberAt(channels.body, "channels", 0, "key");
  const revealed = await app.admin("POST", `/channels/${key}/secret`);
  assert.equal(revealed.status, 200, revealed.text);
  return textAt(revealed.body, "secret");
}
