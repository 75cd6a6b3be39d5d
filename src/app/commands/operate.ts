/** What operators ask: the delivery log, and channels. */
import type { AttemptView, DeliveryFilter, DeliveryView } from "../../core/attempt.ts";
import type { ChannelHealth, ChannelKind } from "../../core/channel.ts";
import type { Id } from "../../core/ids.ts";
import type { Result } from "../../core/result.ts";

/** What an operator does to a channel. Instants and spans in ms; an overlap of 0 ends the old secret at once. */
export type ChannelAct =
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "renew"; readonly until: number }
  | { readonly kind: "rotate"; readonly overlapMs: number };

/** `disabled`: what the program gave up cannot be paused, only resumed. `never_expires`: a lifecycle channel has nothing to renew. */
export type SteerError = "unknown" | "disabled" | "until_out_of_range" | "never_expires";

/** `secret` is null unless it was rotated. */
export type ChannelSteered = { readonly channel: ChannelView; readonly secret: string | null };

export type ChannelView = ChannelHealth & {
  readonly key: number;
  readonly zgid: string;
  readonly kind: ChannelKind;
  readonly userId: Id;
  readonly channelId: string;
  readonly notifyUrl: string;
  readonly modules: readonly string[];
  readonly expiresAt: number;
  readonly isSecretShown: boolean;
  /** When the secret before the last rotation ends; null when there is none. */
  readonly previousSecretUntil: number | null;
};

export type OperateCommands = {
  "operate.deliveries": { input: DeliveryFilter; output: { readonly deliveries: readonly DeliveryView[]; readonly hasMore: boolean } };
  "operate.delivery": {
    input: { id: number };
    output: { readonly delivery: DeliveryView; readonly attempts: readonly AttemptView[] } | null;
  };
  "operate.channels": {
    input: { afterKey: number | null; limit: number };
    output: { readonly channels: readonly ChannelView[]; readonly hasMore: boolean };
  };
  "operate.channel": { input: { channelKey: number }; output: ChannelView | null };
  "operate.steerChannel": { input: { channelKey: number; act: ChannelAct }; output: Result<ChannelSteered, SteerError> };
  /** The channel's signing secret, the first time it is asked for; `already_shown` from then on. */
  "operate.revealSecret": { input: { channelKey: number }; output: Result<{ readonly secret: string }, "unknown" | "already_shown"> };
};
