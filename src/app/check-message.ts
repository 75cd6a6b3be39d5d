/** The inbox's judgement: whether a message was signed with a secret of its channel, and carries its token. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { ChannelRow } from "../store/ports/channels.ts";
import type { Input, MessageChecks, MessageToCheck, Output } from "./commands.ts";
import type { Context } from "./context.ts";

const secretPrefix = "whsec_";

/** A channel's id is unique only within its user, so several channels may be meant; one that fits is enough. */
export async function checkMessage(context: Context, message: Input<"inbox.check">): Promise<Output<"inbox.check">> {
  const channels: ChannelRow[] = [];
  for (const { key } of message.channelId === null ? [] : await context.tx.orgs.allOrgs()) {
    channels.push(...(await context.tx.channels.ofOrg(key)).filter((channel) => channel.channelId === message.channelId));
  }
  const signer = channels.find((channel) => isSignedBy(channel, message));
  const signature =
    channels.length === 0 ? "unknown_channel" : message.signatures === null ? "absent" : signer === undefined ? "wrong" : "ok";
  return { signature, token: tokenCheck(message.token, signer === undefined ? channels : [signer]) };
}

function isSignedBy({ secret, previousSecret }: ChannelRow, message: MessageToCheck): boolean {
  const given = (message.signatures ?? "").split(" ").filter((text) => text.startsWith("v1,"));
  const secrets = previousSecret === null ? [secret] : [secret, previousSecret.secret];
  return secrets.some((each) => given.some((text) => isSame(text.slice(3), macOf(each, message))));
}

function macOf(secret: string, { webhookId, timestamp, body }: MessageToCheck): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  return createHmac("sha256", key)
    .update(`${webhookId ?? ""}.${timestamp ?? ""}.${body}`)
    .digest("base64");
}

function tokenCheck(token: string | null, channels: readonly ChannelRow[]): MessageChecks["token"] {
  if (token === null && channels.every((channel) => channel.token === null)) return "absent";
  return token !== null && channels.some((channel) => channel.token !== null && isSame(channel.token, token)) ? "ok" : "wrong";
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
