/** Proves that the store commits, and counts what is in it, a small step a command. */
import { countChannels, emptyCensus } from "../core/census.ts";
import { limits } from "../core/limits.ts";
import type { Input, Output } from "./commands.ts";
import type { CensusPlace } from "./commands/health.ts";
import type { Context } from "./context.ts";

export async function beat({ tx, now, tally }: Context, { skipped }: Input<"health.beat">): Promise<Output<"health.beat">> {
  tally.beats += 1;
  await tx.settings.put("heartbeat", String(now));
  return { dueAt: await tx.deliveries.nextDueAt(skipped) };
}

type CensusPart = CensusPlace["part"];

/** Each part with the one that comes after it. */
const partAfter: Readonly<Record<CensusPart, CensusPart | null>> = { open: "waiting", waiting: "dead", dead: "channels", channels: null };

export async function countStep(context: Context, { after }: Input<"health.count">): Promise<Output<"health.count">> {
  const { part, mark } = after ?? { part: "open", mark: null };
  const { counted, next } = await countPart(context, part, mark);
  if (next !== null) return { counted, next: { part, mark: next } };
  const following = partAfter[part];
  return { counted, next: following === null ? null : { part: following, mark: null } };
}

type Step = { readonly counted: Output<"health.count">["counted"]; readonly next: CensusPlace["mark"] };

async function countPart({ tx, now }: Context, part: CensusPart, after: CensusPlace["mark"]): Promise<Step> {
  const step = { after, limit: limits.rowsPerCountMax };
  const { backlog, oldestAt: none } = emptyCensus;
  switch (part) {
    case "open": {
      const { open, claimed, oldestAt, next } = await tx.census.countOpen({ ...step, now, leaseUntil: now + limits.leaseMs });
      return {
        counted: { ...emptyCensus, backlog: { ...backlog, pending: open - claimed, claimed }, oldestAt: { ...none, pending: oldestAt } },
        next,
      };
    }
    case "waiting":
    case "dead": {
      const { count, oldestAt, next } = await tx.census.countAside(part, step);
      return { counted: { ...emptyCensus, backlog: { ...backlog, [part]: count }, oldestAt: { ...none, [part]: oldestAt } }, next };
    }
    case "channels": {
      const { rows, next } = await tx.census.countChannels({ ...step, now });
      return { counted: countChannels(rows), next };
    }
  }
}
