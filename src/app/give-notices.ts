/** Gives the notices of expiry that are due, a bounded number a step, and reads what was told. */
import { type LifecycleEventView, nextNoticeAfter, noticeDue } from "../core/lifecycle.ts";
import { limits } from "../core/limits.ts";
import type { LifecycleRow } from "../store/ports/lifecycle.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { tellLifecycle } from "./tell-lifecycle.ts";

export async function noticeStep(context: Context, input: Input<"lifecycle.notice">): Promise<Output<"lifecycle.notice">> {
  const { tx, now } = context;
  const afterId = input.afterId ?? (await tx.lifecycle.lastId());
  await giveNotices(context);
  const rows = await tx.lifecycle.after(afterId, limits.noticesPerStepMax);
  const nextNoticeAt = await tx.channels.nextNoticeAt();
  return {
    events: await viewsOf(context, rows),
    lastId: rows.at(-1)?.id ?? afterId,
    nextNoticeAt,
    isMore: rows.length === limits.noticesPerStepMax || (nextNoticeAt !== null && nextNoticeAt <= now),
  };
}

/** The event, what it owes, and the instant of the next notice are one commit: none is given twice, none is lost. */
export async function giveNotices(context: Context): Promise<void> {
  const { tx, now } = context;
  for (const channel of await tx.channels.withNoticeDue(now, limits.noticesPerStepMax)) {
    const notice = noticeDue(channel.expiresAt, now);
    if (notice !== null) await tellLifecycle(context, channel, { ...notice, cause: null });
    await tx.channels.setNextNotice(channel.org, channel.key, nextNoticeAfter(channel.expiresAt, now));
  }
}

export async function listLifecycleEvents(context: Context, input: Input<"lifecycle.events">): Promise<Output<"lifecycle.events">> {
  const { zgid, channelKey, beforeId, limit } = input;
  const org = zgid === null ? null : await context.tx.orgs.orgByZgid(zgid);
  if (zgid !== null && org === null) return { events: [], hasMore: false };
  const listing = { org: org?.key ?? null, channelKey, beforeId: beforeId ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
  const rows = await context.tx.lifecycle.list(listing);
  return { events: await viewsOf(context, rows.slice(0, limit)), hasMore: rows.length > limit };
}

async function viewsOf({ tx, directory }: Context, rows: readonly LifecycleRow[]): Promise<readonly LifecycleEventView[]> {
  const views: LifecycleEventView[] = [];
  for (const row of rows) views.push({ ...row, zgid: (await directory.home(tx, row.org)).org.zgid });
  return views;
}
