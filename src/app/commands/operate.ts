/** What operators ask: the delivery log, and channels. */
import type { AttemptView, DeliveryFilter, DeliveryView } from "../../core/attempt.ts";
import type { ChannelHealth, ChannelKind, ChannelOrder, ChannelState, Subscription } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { Result } from "../../core/result.ts";

/** What an operator does to a channel. Instants and spans in ms; an overlap of 0 ends the old secret at once. */
export type ChannelAct =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "renew"; readonly until: number }
  | { readonly kind: "rotate"; readonly overlapMs: number }
  | { readonly kind: "order"; readonly order: ChannelOrder };

/** `disabled`: what the program gave up cannot be paused, only resumed. `never_expires`: a lifecycle channel has nothing to renew. */
export type SteerError = "unknown" | "disabled" | "until_out_of_range" | "never_expires";

/** `secret` is null unless it was rotated; `missed` unless the channel is heard again: what was committed from then, and before then, was not owed. */
export type ChannelSteered = {
  readonly channel: ChannelView;
  readonly secret: string | null;
  readonly missed: { readonly from: number; readonly until: number } | null;
};

/** null: any. */
export type ChannelFilter = {
  readonly zgid: string | null;
  readonly state: ChannelState | null;
  readonly module: string | null;
  readonly channelId: string | null;
};

export type ChannelView = ChannelHealth & {
  readonly key: number;
  readonly zgid: string;
  readonly kind: ChannelKind;
  readonly userId: Id;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly hasToken: boolean;
  readonly returnsValues: boolean;
  readonly notifiesRelated: boolean;
  readonly order: ChannelOrder;
  readonly subscriptions: readonly Subscription[];
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly modules: readonly string[];
  readonly expiresAt: number;
  readonly isSecretShown: boolean;
  /** When the secret before the last rotation ends; null when there is none. */
  readonly previousSecretUntil: number | null;
};

export type OperateCommands = {
  /** The newest first. `nextId` null: there are no more; a page may be short although there are, for it looks through so many only. */
  "operate.deliveries": { input: DeliveryFilter; output: { readonly deliveries: readonly DeliveryView[]; readonly nextId: number | null } };
  "operate.delivery": {
    input: { id: number };
    output: { readonly delivery: DeliveryView; readonly attempts: readonly AttemptView[] } | null;
  };
  "operate.channels": {
    /** `filter` absent: all. */
    input: { afterKey: number | null; limit: number; filter?: ChannelFilter };
    /** `nextKey` null: there are no more; otherwise where the next page goes on. */
    output: { readonly channels: readonly ChannelView[]; readonly nextKey: number | null };
  };
  "operate.channel": { input: { channelKey: number }; output: ChannelView | null };
  "operate.steerChannel": { input: { channelKey: number; act: ChannelAct }; output: Result<ChannelSteered, SteerError> };
  /** The channel's signing secret, the first time it is asked for; `already_shown` from then on. */
  "operate.revealSecret": { input: { channelKey: number }; output: Result<{ readonly secret: string }, "unknown" | "already_shown"> };
};
