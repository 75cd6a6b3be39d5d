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

export type Channel = {
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
  readonly subscriptions: readonly Subscription[];
  readonly createdAt: number;
  readonly modifiedAt: number;
};

/** Whether a change committed at `now` is owed to the channel. */
export function isLive(channel: Pick<Channel, "expiresAt">, now: number): boolean {
  return now < channel.expiresAt;
}
