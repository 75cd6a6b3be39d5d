/** What an operator does with single deliveries: sees what is sent, gives one up, tries a channel. */
import { isHearing } from "../core/channel.ts";
import { idOf } from "../core/ids.ts";
import { ok, refuse } from "../core/result.ts";
import { writeAffectedFields } from "../wire/callback.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { changeView } from "./explain-changes.ts";
import { usersModule } from "./manage-users.ts";

export async function showContent(context: Context, { id }: Input<"deliveries.content">): Promise<Output<"deliveries.content">> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const row = await context.tx.deliveries.byId(org.key, id);
    if (row === null) continue;
    const channel = await context.tx.channels.byKey(row.channelKey);
    const ofWrite = row.write === 0 ? [] : await context.tx.changes.ofWrite(org.key, row.write);
    const own = ofWrite.filter((change) => change.module === row.module && row.recordIds.includes(change.recordId));
    const { channelId, module, operation, affectedFields, affectedValues } = row;
    const content = { channelId, module, operation, recordIds: JSON.stringify(row.recordIds), affectedFields, affectedValues };
    return {
      parts: channel === null ? null : { ...content, notifyUrl: channel.notifyUrl, token: channel.token },
      notificationId: row.replayOf ?? row.id,
      // What reached the channel by a lookup names none of the changed records itself.
      changes: (own.length > 0 ? own : ofWrite).map((change) => changeView(change, org)),
    };
  }
  return null;
}

export async function skipDelivery(context: Context, { id }: Input<"deliveries.skip">): Promise<Output<"deliveries.skip">> {
  for (const org of await context.tx.orgs.allOrgs()) {
    const before = await context.tx.deliveries.byId(org.key, id);
    if (before === null) continue;
    const { isSkipped, isAnyFree } = await context.tx.deliveries.skip(org.key, id, context.now);
    if (isAnyFree) context.noteDelivery();
    if (!isSkipped) return refuse("already_settled");
    context.tally.settled.cancelled += 1;
    const after = await context.tx.deliveries.byId(org.key, id);
    return after === null ? refuse("unknown") : ok({ ...after, zgid: org.zgid });
  }
  return refuse("unknown");
}

/** It says that the newest record of the channel's first module was changed, waits for no other, and no other waits for it. */
export async function testChannel(context: Context, { channelKey }: Input<"channels.test">): Promise<Output<"channels.test">> {
  const channel = await context.tx.channels.byKey(channelKey);
  if (channel === null) return refuse("unknown");
  const [subscription] = channel.subscriptions;
  if (!isHearing(channel, context.now) || subscription === undefined) return refuse("channel_unheard");
  const { zgid, key: org } = (await context.directory.home(context.tx, channel.org)).org;
  const operation = subscription.operations.includes("update") ? "update" : (subscription.operations[0] ?? "update");
  const recordId = await newestRecord(context, channel, { module: subscription.module, zgid });
  const id = await context.tx.deliveries.insert({
    org,
    channelKey: channel.key,
    channelId: channel.channelId,
    module: subscription.module,
    operation,
    recordIds: [recordId],
    affectedFields: writeAffectedFields([]),
    affectedValues: null,
    committedAt: context.now,
    write: 0,
    replay: null,
    isTest: true,
    isInOrder: false,
  });
  context.tally.deliveriesMade += 1;
  context.noteDelivery();
  const made = await context.tx.deliveries.byId(org, id);
  return made === null ? refuse("unknown") : ok({ ...made, zgid });
}

async function newestRecord(context: Context, channel: ChannelRow, { module, zgid }: { readonly module: string; readonly zgid: string }) {
  if (module === usersModule) return channel.userId;
  const sort = { by: "id", order: "desc" } as const;
  const [newest] = await context.tx.records.list({ org: channel.org, module, sort, offset: 0, limit: 1 });
  return newest?.id ?? idOf(zgid, 0);
}
