/** How much waits and who listens, counted at one time: what an operator watches. */
import { type ChannelState, channelStates } from "./channel.ts";

/** How soon a channel expires: less than the span from now, and not less than the one before (at its instant it has). `more`: later than all. */
export const expirySpans = [
  { name: "expired", lessThanMs: 1 },
  { name: "5m", lessThanMs: 5 * 60_000 },
  { name: "1h", lessThanMs: 3_600_000 },
  { name: "24h", lessThanMs: 24 * 3_600_000 },
  { name: "7d", lessThanMs: 7 * 24 * 3_600_000 },
] as const;
export type ExpirySpan = (typeof expirySpans)[number]["name"] | "more";
export const expirySpanNames: readonly ExpirySpan[] = [...expirySpans.map(({ name }) => name), "more"];

/** The states of a delivery in which it concerns an operator still. */
export const backlogStates = ["waiting", "pending", "claimed", "dead"] as const;
export type BacklogState = (typeof backlogStates)[number];

export type Census = {
  readonly backlog: Readonly<Record<BacklogState, number>>;
  /** When the oldest delivery of each was committed, in ms; null: there is none. `pending`: of those pending and claimed. */
  readonly oldestAt: Readonly<Record<"waiting" | "pending" | "dead", number | null>>;
  readonly channels: Readonly<Record<ChannelState, Readonly<Record<ExpirySpan, number>>>>;
};

/** Nothing waits and nobody listens. */
export const emptyCensus: Census = {
  backlog: { waiting: 0, pending: 0, claimed: 0, dead: 0 },
  oldestAt: { waiting: null, pending: null, dead: null },
  channels: { active: noChannels(), paused: noChannels(), disabled: noChannels() },
};

/** Channels that have not expired, by state. */
export function liveChannels({ channels }: Census): Readonly<Record<ChannelState, number>> {
  const live = (state: ChannelState) => expirySpanNames.reduce((sum, span) => sum + (span === "expired" ? 0 : channels[state][span]), 0);
  return { active: live("active"), paused: live("paused"), disabled: live("disabled") };
}

/** When the oldest delivery that is not settled was committed, in ms; null: nothing is owed. */
export function oldestOwedAt({ oldestAt }: Census): number | null {
  return earlier(oldestAt.waiting, oldestAt.pending);
}

/** Two parts of a census as one. */
export function addCensus(one: Census, other: Census): Census {
  const { backlog: a } = one;
  const { backlog: b } = other;
  return {
    backlog: { waiting: a.waiting + b.waiting, pending: a.pending + b.pending, claimed: a.claimed + b.claimed, dead: a.dead + b.dead },
    oldestAt: {
      waiting: earlier(one.oldestAt.waiting, other.oldestAt.waiting),
      pending: earlier(one.oldestAt.pending, other.oldestAt.pending),
      dead: earlier(one.oldestAt.dead, other.oldestAt.dead),
    },
    channels: {
      active: addSpans(one.channels.active, other.channels.active),
      paused: addSpans(one.channels.paused, other.channels.paused),
      disabled: addSpans(one.channels.disabled, other.channels.disabled),
    },
  };
}

/** The census of these channels; `span` is a place in `expirySpanNames`. */
export function countChannels(rows: readonly { readonly state: ChannelState; readonly span: number; readonly count: number }[]): Census {
  const ofState = (state: ChannelState) =>
    rows
      .filter((row) => row.state === state)
      .reduce((spans, { span, count }) => addSpans(spans, { ...noChannels(), [expirySpanNames[span] ?? "more"]: count }), noChannels());
  const [active, paused, disabled] = channelStates;
  return { ...emptyCensus, channels: { active: ofState(active), paused: ofState(paused), disabled: ofState(disabled) } };
}

function noChannels(): Record<ExpirySpan, number> {
  return { expired: 0, "5m": 0, "1h": 0, "24h": 0, "7d": 0, more: 0 };
}

function addSpans(one: Readonly<Record<ExpirySpan, number>>, other: Readonly<Record<ExpirySpan, number>>): Record<ExpirySpan, number> {
  const sum = noChannels();
  for (const name of expirySpanNames) sum[name] = one[name] + other[name];
  return sum;
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
