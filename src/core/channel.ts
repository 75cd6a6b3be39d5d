/**
 * A channel is a client's standing order: a chosen id, owned by a user, with one subscription a module.
 * It ends at its expiry, to the millisecond: what is committed before is owed, what is committed at or after it is not.
 */
import type { Condition } from "./condition.ts";
import type { Id } from "./ids.ts";
import type { OrgKey } from "./org.ts";

export const operations = ["insert", "update", "delete"] as const;
/** What a write does to a record. The wire's `create` and `edit` are `insert` and `update` here. */
export type Operation = (typeof operations)[number];

export type Subscription = {
  /** The module's API name; `users` is one too. */
  readonly module: string;
  readonly moduleId: Id;
  readonly operations: readonly Operation[];
  /** null: every change of these operations. */
  readonly condition: Condition | null;
};

export const channelStates = ["active", "paused", "disabled"] as const;
/** `paused`: an operator holds it. `disabled`: the program gave it up, for a cause. Both stay subscribed, and are owed nothing new. */
export type ChannelState = (typeof channelStates)[number];

export const disableCauses = ["gone", "failing"] as const;
/** `gone`: the target answered 410. `failing`: nothing was delivered for as long as the operator allows. */
export type DisableCause = (typeof disableCauses)[number];

export const channelOrders = ["record", "none"] as const;
/** `record`: what a channel hears of a record comes in the order of the commits. `none`: a delivery waits for no other. */
export type ChannelOrder = (typeof channelOrders)[number];

/** How a channel's target fares. */
export type ChannelHealth = {
  readonly state: ChannelState;
  /** null unless disabled. */
  readonly cause: DisableCause | null;
  /** When it came into this state, in ms. */
  readonly stateSince: number;
  /** The first failure since the last success; null while all is well. */
  readonly failingSince: number | null;
};

export type Channel = ChannelHealth & {
  /** The store's own number of the channel; `channelId` is unique only within its user. */
  readonly key: number;
  readonly org: OrgKey;
  readonly userId: Id;
  /** The client's int64, as text. */
  readonly channelId: string;
  readonly notifyUrl: string;
  /** null: the client set none. */
  readonly token: string | null;
  readonly expiresAt: number;
  readonly returnsValues: boolean;
  readonly notifiesRelated: boolean;
  /** An operator's choice; clients know nothing of it. */
  readonly order: ChannelOrder;
  readonly subscriptions: readonly Subscription[];
  readonly createdAt: number;
  readonly modifiedAt: number;
};

/** What matching knew of a channel at some time: what it was subscribed to, and whether it was heard. */
export type ChannelStanding = Pick<
  Channel,
  "channelId" | "userId" | "state" | "cause" | "expiresAt" | "returnsValues" | "notifiesRelated" | "subscriptions"
>;

/** Whether a change committed at `now` is owed to the channel. */
export function isHearing(channel: Pick<Channel, "expiresAt" | "state">, now: number): boolean {
  return channel.state === "active" && isLive(channel, now);
}

/** Whether the channel is subscribed at `now`, heard or not. */
export function isLive(channel: Pick<Channel, "expiresAt">, now: number): boolean {
  return now < channel.expiresAt;
}

/** A channel of which nothing bad is known. */
export function newHealth(now: number): ChannelHealth {
  return { state: "active", cause: null, stateSince: now, failingSince: null };
}

/** What an attempt does to the health of the channel: 410 and long failure disable it, a success ends the streak. null: nothing changes. */
export function healthAfter(
  health: ChannelHealth,
  end: "delivered" | "gone" | "failed",
  { now, failingMs }: { readonly now: number; /** How long it may fail before it is disabled. */ readonly failingMs: number },
): ChannelHealth | null {
  if (end === "delivered") return health.failingSince === null ? null : { ...health, failingSince: null };
  const failingSince = health.failingSince ?? now;
  const cause = end === "gone" ? "gone" : now - failingSince >= failingMs ? "failing" : null;
  if (cause !== null && health.state === "active") return { state: "disabled", cause, stateSince: now, failingSince };
  return health.failingSince === null ? { ...health, failingSince } : null;
}
