/** The clients of channels: one that subscribes, renews, merges and disables a channel of its own, and those whose channels stand still. */
import assert from "node:assert/strict";
import type { Random } from "../fuzz/random.ts";
import { at } from "../support/json.ts";
import type { Operation, Watch } from "./answered-ledger.ts";
import { type LoadParts, asked } from "./load-writer.ts";

const hourMs = 3_600_000;

export type ChannelOrder = { readonly channelId: string; readonly notifyUrl: string };

/** One thing that the client of a channel asks for. Rejects with `Unanswered` when nobody knows what became of it. */
export async function tendChannel(order: ChannelOrder, parts: LoadParts): Promise<void> {
  const { ledger, random, asker } = parts;
  const { channelId } = order;
  const watch = ledger.watchOf(channelId);
  const chance = random.below(10);
  if (watch === null || watch === undefined || chance < 2) await subscribe(order, parts, watchOf(random));
  else if (chance < 5) await merge(order, parts, { ...watch, expiresAt: expiry(random) });
  else if (chance < 9) await merge(order, parts, watchOf(random));
  else {
    ledger.beginOrder(channelId, true);
    await asked(asker.request("DELETE", `/actions/watch?channel_ids=${channelId}`), [200]);
    ledger.endOrder(channelId, null);
  }
  parts.onAnswered();
  // Leaves some room between two orders, for what falls between them is certain.
  for (let reads = random.below(4); reads > 0; reads -= 1) await asked(asker.request("GET", "/Leads/actions/count"), [200]);
}

/** Makes the channel as `watch` says, or replaces it. */
export async function subscribe(
  { channelId, notifyUrl }: ChannelOrder,
  { ledger, asker }: Pick<LoadParts, "ledger" | "asker">,
  watch: Watch,
): Promise<void> {
  ledger.beginOrder(channelId, false);
  const item = { ...itemOf(channelId, watch), notify_url: notifyUrl, return_affected_field_values: true };
  await asked(asker.request("POST", "/actions/watch", { watch: [item] }), [201]);
  ledger.endOrder(channelId, watch);
}

async function merge({ channelId }: ChannelOrder, { ledger, asker }: LoadParts, watch: Watch): Promise<void> {
  ledger.beginOrder(channelId, false);
  const answer = await asked(asker.request("PATCH", "/actions/watch", { watch: [itemOf(channelId, watch)] }), [200]);
  assert.ok(at(answer.body, "watch", 0, "status") === "success", answer.text);
  ledger.endOrder(channelId, watch);
}

function watchOf(random: Random): Watch {
  const all: readonly Operation[] = ["insert", "update", "delete"];
  const operations = new Set<Operation>(random.hasChance(0.5) ? all : ["update"]);
  return { modules: new Set(["Leads"]), operations, asksForPhone: random.hasChance(0.4), expiresAt: expiry(random) };
}

function expiry(random: Random): number {
  return Math.floor(Date.now() / 1_000) * 1_000 + 24 * hourMs + random.below(3_600) * 1_000;
}

const eventNames = { insert: "create", update: "edit", delete: "delete" } as const;

function itemOf(channelId: string, watch: Watch): Readonly<Record<string, unknown>> {
  const condition = (module: string) => ({
    type: "field_selection",
    module: { api_name: module },
    field_selection: { field: { api_name: "Phone" } },
  });
  return {
    channel_id: channelId,
    events: [...watch.modules].flatMap((module) => [...watch.operations].map((operation) => `${module}.${eventNames[operation]}`)),
    channel_expiry: new Date(watch.expiresAt).toISOString().replace(".000Z", "+00:00"),
    notification_condition: watch.asksForPhone ? [...watch.modules].map(condition) : [],
  };
}

/** The channels that stand still: what they have to hear of is certain for every write. */
export function steadyWatches(): Readonly<Record<"good" | "flaky" | "slow" | "closing", Watch>> {
  const expiresAt = Math.floor(Date.now() / 1_000) * 1_000 + 48 * hourMs;
  return {
    good: { modules: new Set(["Leads", "Contacts"]), operations: new Set(["insert", "update", "delete"]), asksForPhone: false, expiresAt },
    flaky: { modules: new Set(["Leads"]), operations: new Set(["update", "delete"]), asksForPhone: true, expiresAt },
    slow: { modules: new Set(["Leads"]), operations: new Set(["insert", "update"]), asksForPhone: false, expiresAt },
    closing: { modules: new Set(["Leads", "Contacts"]), operations: new Set(["update"]), asksForPhone: true, expiresAt },
  };
}

/** A path of the receiver on one of its ports. */
export type Target = { readonly path: string; readonly origin: number };

/**
 * Ten channels that stand still, up to eight of which hear one change: on receivers that answer well, slowly, or now and then not at all, and each kind that
 * fails on a port of its own.
 */
export function heavyWatches(): readonly (readonly [Target, Watch])[] {
  const { good, flaky, slow, closing } = steadyWatches();
  const contacts = { ...good, modules: new Set(["Contacts"]) };
  const deletes = { ...good, operations: new Set<Operation>(["delete"]) };
  return [
    [{ path: "good", origin: 0 }, good],
    [{ path: "good", origin: 1 }, good],
    [{ path: "good", origin: 1 }, contacts],
    [
      { path: "good", origin: 0 },
      { ...good, asksForPhone: true },
    ],
    [{ path: "slow", origin: 2 }, slow],
    [{ path: "late", origin: 2 }, deletes],
    [{ path: "flaky", origin: 2 }, flaky],
    [{ path: "closing", origin: 1 }, closing],
    [{ path: "sick", origin: 3 }, slow],
    [{ path: "away", origin: 4 }, flaky],
  ];
}
