/** The body of a lifecycle POST, in the form that Standard Webhooks suggests: a type, an instant, and what it is about. */
import type { Id } from "../core/ids.ts";
import type { LifecycleEvent, LifecycleEventName } from "../core/lifecycle.ts";
import type { Json } from "./json.ts";

/** What the body says of the channel beside the event itself. */
export type LifecycleSubject = { readonly zgid: string; readonly userId: Id; readonly modules: readonly string[] };

/** The body as JSON text. The channel's own target and token are not in it, for they may be secrets. */
export function writeLifecycleBody(event: LifecycleEvent, { zgid, userId, modules }: LifecycleSubject): string {
  const data: { readonly [key: string]: Json } = {
    org: zgid,
    channel_id: event.channelId,
    channel_key: event.channelKey,
    user_id: userId,
    modules,
    expires_at: isoTime(event.expiresAt),
    before: event.before,
    cause: event.cause,
    remedies: remedies[event.event](event.channelKey),
  };
  return JSON.stringify({ type: event.event, timestamp: isoTime(event.at), data });
}

/** What ends the trouble: first as the channel's client, then as an operator. */
const remedies: Readonly<Record<LifecycleEventName, (channelKey: number) => readonly string[]>> = {
  "channel.expiring": (key) => ["PATCH /crm/{version}/actions/watch with a later channel_expiry", `POST /api/v1/channels/${key}/renew`],
  "channel.expired": (key) => ["POST /crm/{version}/actions/watch", `POST /api/v1/channels/${key}/renew`],
  "channel.disabled": (key) => ["POST /crm/{version}/actions/watch", `POST /api/v1/channels/${key}/resume`],
};

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
