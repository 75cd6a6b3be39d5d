/** How the whole store stands, org by org and added up. */
import { limits } from "../core/limits.ts";
import type { Backlog } from "../core/overview.ts";
import type { Output } from "./commands.ts";
import type { Context } from "./context.ts";

/** Ids of deliveries are microseconds of their commit. */
const idsPerMs = 1_000;

export async function takeOverview(context: Context): Promise<Output<"operate.overview">> {
  const { now, tx } = context;
  const { overviewCountMax: max, overviewClaimedSampled: sampled } = limits;
  const orgs = await tx.orgs.allOrgs();
  let backlog: Backlog = { waiting: 0, pending: 0, claimed: 0, dead: 0 };
  let oldestId: number | null = null;
  for (const { key: org } of orgs) {
    const found = await tx.overview.backlog({ org, max, sampled });
    backlog = sum(backlog, found.counts);
    if (found.oldestId !== null) oldestId = Math.min(oldestId ?? found.oldestId, found.oldestId);
  }
  return {
    orgs: orgs.length,
    backlog,
    oldestPendingAt: oldestId === null ? null : Math.floor(oldestId / idsPerMs),
    channels: await tx.overview.channelsByState(now, max),
    failing: await tx.overview.failingChannels(now, max),
    expiring: await tx.overview.expiring({ after: now, until: now + limits.expiringSoonMs, limit: limits.expiringShownMax }),
  };
}

function sum(one: Backlog, other: Backlog): Backlog {
  return {
    waiting: one.waiting + other.waiting,
    pending: one.pending + other.pending,
    claimed: one.claimed + other.claimed,
    dead: one.dead + other.dead,
  };
}
