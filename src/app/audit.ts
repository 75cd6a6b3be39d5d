/** The log of what was done through the admin API. */
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";

export async function addAudit(context: Context, act: Input<"audit.add">): Promise<null> {
  await context.tx.audit.insert({ ...act, at: context.now });
  return null;
}

export async function listAudit(context: Context, { beforeId, limit }: Input<"audit.list">): Promise<Output<"audit.list">> {
  const entries = await context.tx.audit.page(beforeId, limit + 1);
  return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
}
