/** Which channels of all orgs somebody should look at. */
import { limits } from "../core/limits.ts";
import type { Output } from "./commands.ts";
import type { Context } from "./context.ts";

export async function takeOverview({ now, tx }: Context): Promise<Output<"operate.overview">> {
  return {
    failing: await tx.overview.failingChannels(now, limits.failingCountedMax),
    expiring: await tx.overview.expiring({ after: now, until: now + limits.expiringSoonMs, limit: limits.expiringShownMax }),
  };
}
