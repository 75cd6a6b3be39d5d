/** Counts in bounded steps, so that counting a million rows keeps no write waiting for it. */
import type { ChannelState } from "../../core/channel.ts";
import type { Awaitable } from "../store.ts";

/** Where a count stopped, as the store says it. */
export type CensusMark = readonly (string | number)[];

export type CensusStep = {
  /** Where the step before stopped; null: this is the first. */
  readonly after: CensusMark | null;
  /** Rows looked at in this step. */
  readonly limit: number;
};

/** `next`: where to go on; null: all is counted. */
export type Counted<Row> = Row & { readonly next: CensusMark | null };

export type CensusRows = {
  /**
   * Deliveries that are due, fall due later or are claimed; a claim whose lease ended counts as pending. `leaseUntil` is the latest
   * instant at which the lease of a claim made by `now` ends. `oldestAt`: when the oldest was committed; null: there is none.
   */
  countOpen(
    step: CensusStep & { readonly now: number; readonly leaseUntil: number },
  ): Awaitable<Counted<{ readonly open: number; readonly claimed: number; readonly oldestAt: number | null }>>;
  /** Deliveries in one of the states in which nothing is due. */
  countAside(
    status: "waiting" | "dead",
    step: CensusStep,
  ): Awaitable<Counted<{ readonly count: number; readonly oldestAt: number | null }>>;
  /** Channels by state and by how soon they expire; `span` is a place in `expirySpanNames`. */
  countChannels(
    step: CensusStep & { readonly now: number },
  ): Awaitable<Counted<{ readonly rows: readonly { readonly state: ChannelState; readonly span: number; readonly count: number }[] }>>;
};
