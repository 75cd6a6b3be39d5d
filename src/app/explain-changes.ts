/** What changed, and why each channel heard of it or did not, as it stood then. */
import type { ChannelStanding } from "../core/channel.ts";
import { type Verdict, explainDirect, explainRelated } from "../core/explain.ts";
import { limits } from "../core/limits.ts";
import type { Org } from "../core/org.ts";
import type { ChangeRow, Window } from "../store/ports/changes.ts";
import type { ChannelVersion } from "../store/ports/channels.ts";
import type { ChangeView, ExplainedChannel, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { mergedWindows } from "./merged-windows.ts";
import { liveSubscription } from "./watcher-index.ts";

/** The newest first, of those that one command may look through. */
export async function listChanges(context: Context, asked: Input<"changes.list">): Promise<Output<"changes.list">> {
  const windows: Window<ChangeView>[] = [];
  const page = { beforeId: asked.beforeId ?? Number.MAX_SAFE_INTEGER, limit: asked.limit, look: limits.rowsPerLookMax };
  for (const org of await orgsOf(context, asked.zgid)) {
    const { rows, nextId } = await context.tx.changes.list(org.key, asked, page);
    windows.push({ rows: rows.map((row) => changeView(row, org)), nextId });
  }
  const { rows, nextId } = mergedWindows(windows, asked.limit);
  return { changes: rows, nextId };
}

export async function getChange(context: Context, { id }: Input<"changes.get">): Promise<Output<"changes.get">> {
  const found = await findChange(context, id);
  return found === null ? null : changeView(found.change, found.org);
}

export async function explainChange(context: Context, { id, afterKey }: Input<"changes.explain">): Promise<Output<"changes.explain">> {
  const found = await findChange(context, id);
  if (found === null) return null;
  const { change, org } = found;
  const home = await context.directory.home(context.tx, org.key);
  const keys = await context.tx.channels.keysWithVersions(org.key, afterKey ?? 0, limits.channelsExplainedMax);
  const channels: ExplainedChannel[] = [];
  for (const key of keys) {
    const version = await context.tx.channels.versionAt(org.key, key, change.write);
    if (version !== null) channels.push(...(await explain(context, home, { change, version })));
  }
  const nextKey = keys.length < limits.channelsExplainedMax ? null : (keys.at(-1) ?? null);
  return { change: changeView(change, org), channels, nextKey };
}

/** One for the change's own module, if the channel watched it, and one for each module of a record that it looks up. */
async function explain(
  context: Context,
  home: Home,
  { change, version }: { readonly change: ChangeRow; readonly version: ChannelVersion },
): Promise<readonly ExplainedChannel[]> {
  const { channel, channelKey } = version;
  if (channel === null) return [];
  const relatedModules = new Set(change.related.map((related) => related.module));
  const explained: ExplainedChannel[] = [];
  for (const stored of channel.subscriptions) {
    const subscription = liveSubscription(home.catalog, stored);
    const { module } = subscription;
    const about = { channel, channelKey, module };
    if (module === change.module) {
      const verdict = explainDirect(channel, subscription, { change, at: change.at });
      explained.push(await explainedChannel(context, home, { ...about, change, verdict, isRelated: false }));
    }
    if (relatedModules.has(module)) {
      const verdict = explainRelated(channel, subscription, change.at);
      explained.push(await explainedChannel(context, home, { ...about, change, verdict, isRelated: true }));
    }
  }
  return explained;
}

type About = {
  readonly channel: ChannelStanding;
  readonly channelKey: number;
  readonly module: string;
  readonly change: ChangeRow;
  readonly verdict: Verdict;
  readonly isRelated: boolean;
};

async function explainedChannel(context: Context, home: Home, about: About): Promise<ExplainedChannel> {
  const { channel, channelKey, module, change, verdict, isRelated } = about;
  const ofWrite = await context.tx.deliveries.ofWrite(home.org.key, change.write, channelKey);
  const ids = isRelated
    ? change.related.filter((related) => related.module === module).map((related) => related.recordId)
    : [change.recordId];
  const operation = isRelated ? "update" : change.operation;
  const deliveries = ofWrite
    .filter((row) => row.module === module && row.operation === operation && ids.some((id) => row.recordIds.includes(id)))
    .map(({ id, status, isReplay }) => ({ id, status, isReplay }));
  const { channelId, userId, expiresAt } = channel;
  return { channelKey, channelId, userId, module, isRelated, expiresAt, ...verdict, deliveries };
}

async function findChange(context: Context, id: number): Promise<{ readonly change: ChangeRow; readonly org: Org } | null> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const change = await context.tx.changes.byId(org.key, id);
    if (change !== null) return { change, org };
  }
  return null;
}

export function changeView(row: ChangeRow, org: Pick<Org, "zgid">): ChangeView {
  const { id, module, recordId, operation, changedFields, at, by, write, before, after } = row;
  return { id, zgid: org.zgid, module, recordId, operation, changedFields, at, by, write, before, after };
}

/** The org with this number, or (null) all. */
export async function orgsOf(context: Context, zgid: string | null): Promise<readonly Org[]> {
  if (zgid === null) return context.tx.orgs.allOrgs();
  const org = await context.tx.orgs.orgByZgid(zgid);
  return org === null ? [] : [org];
}
