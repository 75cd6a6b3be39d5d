/** The orgs, and where each is told of its channels. */
import { neverMs, newHealth } from "../core/channel.ts";
import { readLifecycleUrl } from "../core/lifecycle.ts";
import type { Org } from "../core/org.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { Input, LifecycleUrlError, OrgView, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { newChannelKey, putChannel, removeChannel } from "./keep-channel.ts";
import { newSigningSecret } from "./secrets.ts";
import { lifecycleChannel, lifecycleOwner } from "./tell-lifecycle.ts";

export async function listOrgs(context: Context, { beforeKey, limit }: Input<"lifecycle.orgs">): Promise<Output<"lifecycle.orgs">> {
  const all = await context.tx.orgs.allOrgs();
  const wanted = all.toReversed().filter((org) => beforeKey === null || org.key < beforeKey);
  const orgs: OrgView[] = [];
  for (const org of wanted.slice(0, limit)) orgs.push(await viewOf(context, org));
  return { orgs, hasMore: wanted.length > limit };
}

export async function setLifecycleUrl(context: Context, { zgid, url }: Input<"lifecycle.setUrl">): Promise<Output<"lifecycle.setUrl">> {
  const org = await context.tx.orgs.orgByZgid(zgid);
  if (org === null) return refuse("unknown");
  if (url === null) {
    const before = await lifecycleChannel(context, org.key);
    if (before !== null) await removeChannel(context, await context.directory.home(context.tx, org.key), before);
    return ok({ org: await viewOf(context, org), secret: null });
  }
  const put = await putLifecycleUrl(context, org, url);
  if (!put.ok) return put;
  const { isSecretShown, key, secret } = put.value;
  if (!isSecretShown) await context.tx.channels.markSecretShown(org.key, key);
  return ok({ org: await viewOf(context, org), secret: isSecretShown ? null : secret });
}

/**
 * Makes the org's lifecycle channel, or points the one that it has to `url`: its secret stays, and what is owed goes to the new target.
 * Who gives a target brings back a channel that the program gave up, but not one that an operator holds.
 */
export async function putLifecycleUrl(
  context: Context,
  org: Org,
  url: string,
): Promise<Result<ChannelRow, Exclude<LifecycleUrlError, "unknown">>> {
  const { now } = context;
  const parsed = readLifecycleUrl(url);
  if (parsed === null) return refuse("not_a_url");
  if (!context.guard.isUrlAllowed(parsed)) return refuse("target_refused");
  const before = await lifecycleChannel(context, org.key);
  const kept = before ?? (await newLifecycleChannel(context, org));
  const health = kept.state === "paused" ? {} : newHealth(now);
  const channel: ChannelRow = { ...kept, ...health, notifyUrl: url, modifiedAt: now };
  await putChannel(context, await context.directory.home(context.tx, org.key), { before, channel });
  return ok(channel);
}

async function newLifecycleChannel(context: Context, org: Org): Promise<ChannelRow> {
  const { now } = context;
  return {
    key: await newChannelKey(context),
    org: org.key,
    kind: "lifecycle",
    ...lifecycleOwner,
    notifyUrl: "",
    token: null,
    secret: newSigningSecret(),
    isSecretShown: false,
    previousSecret: null,
    ...newHealth(now),
    expiresAt: neverMs,
    nextNoticeAt: null,
    returnsValues: false,
    notifiesRelated: false,
    order: "record",
    subscriptions: [],
    createdAt: now,
    modifiedAt: now,
  };
}

async function viewOf(context: Context, org: Org): Promise<OrgView> {
  const channel = await lifecycleChannel(context, org.key);
  return { ...org, lifecycleUrl: channel?.notifyUrl ?? null, users: await context.tx.orgs.countUsers(org.key) };
}
