/** A channel as its row has it: of a client, active, subscribed to nothing. */
import { newHealth } from "../../src/core/channel.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";

export function channelRow(over: Pick<ChannelRow, "org"> & Partial<ChannelRow>): ChannelRow {
  return {
    key: 1,
    kind: "client",
    userId: "5",
    channelId: "77",
    notifyUrl: "http://127.0.0.1/",
    token: null,
    secret: "whsec_x",
    isSecretShown: false,
    previousSecret: null,
    ...newHealth(1),
    expiresAt: 10_000,
    nextNoticeAt: null,
    returnsValues: false,
    notifiesRelated: false,
    order: "record",
    subscriptions: [],
    createdAt: 1,
    modifiedAt: 1,
    ...over,
  };
}
