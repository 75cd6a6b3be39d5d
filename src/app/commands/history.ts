/** What operators ask of the past: what changed, why a channel heard of it or did not, and to send it again. */
import type { CallbackParts, DeliveryView } from "../../core/attempt.ts";
import type { Operation } from "../../core/channel.ts";
import type { DeliveryStatus } from "../../core/delivery.ts";
import type { Verdict } from "../../core/explain.ts";
import type { Id } from "../../core/ids.ts";
import type { Values } from "../../core/record.ts";
import type { Replay, ReplayKind } from "../../core/replay.ts";
import type { Result } from "../../core/result.ts";

export type ChangeView = {
  readonly id: number;
  readonly zgid: string;
  readonly module: string;
  readonly recordId: Id;
  readonly operation: Operation;
  readonly changedFields: readonly string[];
  readonly at: number;
  readonly by: Id;
  /** The id of the first change of the same write. */
  readonly write: number;
  /** What the fields that differ held: all of an inserted or a deleted record. null: there was no record. */
  readonly before: Values | null;
  readonly after: Values | null;
};

/** null: any. Instants in ms: committed at or after `from`, and before `until`. */
export type ChangesAsked = {
  readonly zgid: string | null;
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly operation: Operation | null;
  readonly from: number | null;
  readonly until: number | null;
  /** Only changes with a smaller id: the cursor. */
  readonly beforeId: number | null;
  readonly limit: number;
};

/** A channel as it stood when the change was committed, and what matching came to. */
export type ExplainedChannel = Verdict & {
  readonly channelKey: number;
  readonly channelId: string;
  readonly userId: Id;
  /** Its module: that of the change, or of a record that the changed one looks up (`isRelated`). */
  readonly module: string;
  readonly isRelated: boolean;
  readonly expiresAt: number;
  /** What the write made for the channel there, the replays of it too. */
  readonly deliveries: readonly { readonly id: number; readonly status: DeliveryStatus; readonly isReplay: boolean }[];
};

export type ReplayView = Replay & { readonly zgid: string };

export type ReplayOrder = {
  readonly what: ReplayKind;
  /** null: the only org. */
  readonly zgid: string | null;
  readonly channelKey: number | null;
  readonly channelId: string | null;
  readonly module: string | null;
  readonly recordId: Id | null;
  readonly status: DeliveryStatus | null;
  readonly from: number | null;
  readonly until: number | null;
  readonly ratePerSecond: number;
};

/** `org_needed`: there are several. `channel_needed`: what was missed was missed by a channel. `channel_unheard`: it is held or has expired. */
export type ReplayRefusal = "org_needed" | "org_unknown" | "channel_needed" | "channel_unknown" | "channel_unheard" | "too_many";

export type HistoryCommands = {
  /** The newest first. `nextId` null: there are no more; a page may be short although there are, for it looks through so many only. */
  "changes.list": { input: ChangesAsked; output: { readonly changes: readonly ChangeView[]; readonly nextId: number | null } };
  "changes.get": { input: { id: number }; output: ChangeView | null };
  /** For channels by ascending key, behind `afterKey`; `nextKey` null: there are no more. */
  "changes.explain": {
    input: { id: number; afterKey: number | null };
    output: { readonly change: ChangeView; readonly channels: readonly ExplainedChannel[]; readonly nextKey: number | null } | null;
  };

  /** Looks at some of what the replay would send, from `fromId` on (null: from the start). `nextId` null: that was all. */
  "replays.count": {
    input: { order: ReplayOrder; fromId: number | null };
    output: Result<{ readonly found: number; readonly nextId: number | null }, ReplayRefusal>;
  };
  "replays.make": { input: ReplayOrder; output: Result<ReplayView, ReplayRefusal> };
  "replays.get": { input: { id: number }; output: ReplayView | null };
  "replays.list": {
    input: { zgid: string | null; beforeId: number | null; limit: number };
    output: { readonly replays: readonly ReplayView[]; readonly hasMore: boolean };
  };
  /** One that has ended stays as it is. */
  "replays.cancel": { input: { id: number }; output: ReplayView | null };
  /** One step of each replay under way. `isUnderWay`: there are more to make. */
  "replays.step": { input: { perSecond: number; leader?: string | null }; output: { readonly sent: number; readonly isUnderWay: boolean } };

  /** Sends one again, whatever became of it. */
  "deliveries.replay": { input: { id: number }; output: Result<DeliveryView, "unknown" | "open" | "channel_unheard"> };
  /** Gives up one that is owed. */
  "deliveries.skip": { input: { id: number }; output: Result<DeliveryView, "unknown" | "already_settled"> };
  /** What a delivery is sent as, and the changes that it tells of. `parts` null: its channel is gone. */
  "deliveries.content": {
    input: { id: number };
    output: {
      readonly parts: CallbackParts | null;
      /** In place of the callback that the parts make; null: that one. */
      readonly body: string | null;
      readonly notificationId: number;
      readonly changes: readonly ChangeView[];
    } | null;
  };
  /** Owes the channel a notification that no write made. */
  "channels.test": { input: { channelKey: number }; output: Result<DeliveryView, "unknown" | "channel_unheard"> };
};
