/** Removes what is older than it is kept: one small step a call, each in a commit that other commands share. */
import { limits } from "../core/limits.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { noteGone } from "./keep-channel.ts";
import { giveNotices } from "./give-notices.ts";

export async function purgeStep(context: Context, input: Input<"retention.purge">): Promise<Output<"retention.purge">> {
  const { tx, now } = context;
  const limit = limits.rowsPerPurgeMax;
  let removed = 0;
  // No channel is removed before its expiry was told; after a long outage more of them may wait than one step tells of.
  await giveNotices(context);
  const nextNoticeAt = await tx.channels.nextNoticeAt();
  const isAllTold = nextNoticeAt === null || nextNoticeAt > now;
  for (const { key: org } of await tx.orgs.allOrgs()) {
    const before = now - input.historyMs;
    removed += await tx.retention.purgeDeliveries({ org, kind: "settled", before, limit });
    removed += await tx.retention.purgeDeliveries({ org, kind: "dead", before: now - input.deadMs, limit });
    removed += await tx.retention.purgeChanges({ org, before, limit });
    removed += await tx.retention.purgeReplays({ org, before, limit });
    removed += await tx.retention.purgeVersions({ org, before, limit });
    removed += await tx.retention.purgeLifecycle({ org, before, limit });
    const keys = isAllTold ? await tx.retention.purgeChannels({ org, before, limit }) : [];
    removed += keys.length;
    for (const key of keys) {
      await context.directory.noteGone(tx, org, key);
      await noteGone(context, org, key);
    }
  }
  removed += await tx.audit.purge(now - input.historyMs, limit);
  // Last, for it may hold tables until the commit.
  await tx.retention.arrange({ now, before: now - input.historyMs });
  return { removed };
}
