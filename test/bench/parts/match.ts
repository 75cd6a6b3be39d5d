/** Matching by itself: an org's index of watchers with so many channels, and one change that so few of them hear. */
import { WatcherIndex } from "../../../src/app/watcher-index.ts";
import type { Catalog, Module } from "../../../src/core/catalog.ts";
import type { Subscription } from "../../../src/core/channel.ts";
import type { Condition } from "../../../src/core/condition.ts";
import { matchWrite } from "../../../src/core/match.ts";
import type { Change } from "../../../src/core/record.ts";
import { buildCatalog } from "../../../src/core/standard-catalog.ts";
import { acme } from "../../support/seeds.ts";
import { play } from "../part.ts";

/** Channels that hear the change, whatever the number of all. */
const hearing = 32;
const now = 1_750_000_000_000;
const changedField = "Description";

export type MatchOrder = { readonly channels: number; readonly hasConditions: boolean; readonly forMs: number };

export type MatchActs = typeof acts;
const acts = play({
  /** Gives the microseconds that one match takes. */
  match: ({ channels, hasConditions, forMs }: MatchOrder): number => {
    const index = filledIndex(channels, hasConditions);
    matchFor(index, forMs / 2);
    return matchFor(index, forMs);
  },
});

/**
 * The channels that do not hear it are as near to it as they can be. Without conditions they are subscribed to the same module's new and
 * deleted records; with them, to the same operation, for other fields or for both of two fields.
 */
function filledIndex(channels: number, hasConditions: boolean): WatcherIndex {
  const catalog = buildCatalog({ zgid: acme.org.zgid, modules: [], fields: new Map() });
  const module = moduleOf(catalog, "Leads");
  const index = new WatcherIndex(catalog);
  const others = module.fields.filter(({ apiName }) => apiName !== changedField);
  const fieldAt = (place: number): Condition => leaf(others[place % others.length] ?? { apiName: "", id: "" });
  const own = leaf(module.fields.find(({ apiName }) => apiName === changedField) ?? { apiName: "", id: "" });
  for (let key = 1; key <= channels; key += 1) {
    const isHearing = key % Math.max(1, Math.floor(channels / hearing)) === 0;
    const both: Condition = { kind: "group", operator: "and", members: [fieldAt(key), fieldAt(key + 1)] };
    const other = key % 2 === 0 ? fieldAt(key) : both;
    const condition = hasConditions ? (isHearing ? own : other) : null;
    const operations: Subscription["operations"] = hasConditions || isHearing ? ["update"] : ["insert", "delete"];
    index.put({
      key,
      channelId: String(key),
      state: "active",
      expiresAt: now + 3_600_000,
      returnsValues: false,
      notifiesRelated: true,
      order: "record",
      subscriptions: [{ module: module.apiName, moduleId: module.id, operations, condition }],
    });
  }
  return index;
}

function moduleOf(catalog: Catalog, apiName: string): Module {
  const module = catalog.module(apiName);
  if (module === undefined) throw new Error(`there is no module ${apiName}`);
  return module;
}

function leaf({ apiName, id }: { readonly apiName: string; readonly id: string }): Condition {
  return { kind: "field", field: { apiName, id } };
}

/** As `notify` asks it. */
function matchFor(index: WatcherIndex, forMs: number): number {
  const recordId = "554023000100000001";
  const change: Change = { recordId, operation: "update", changedFields: [changedField], before: {}, after: { Description: "new" } };
  const write = { module: "Leads", changes: [change], related: [], now, watchers: index.groups };
  const startedMs = performance.now();
  let matches = 0;
  do {
    const drafts = matchWrite(write);
    if (drafts.length < hearing) throw new Error(`${drafts.length} of ${hearing} channels heard it`);
    matches += 1;
  } while (performance.now() - startedMs < forMs);
  return ((performance.now() - startedMs) * 1_000) / matches;
}
