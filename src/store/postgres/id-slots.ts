/**
 * Ids that no two processes give, whatever orgs they give them in: a delivery's is its `webhook-id`, and receivers take two of one id for one. Nobody
 * counts for all, for that would put all commits in a row. Each process has a slot instead, and gives the ids that leave the slot's number as the
 * remainder; and it has the slot for a span of ids, granted by the database. Since ids are instants a grant ends by itself, however long the
 * process stands still and whatever its clock says: what lies beyond the grant it must not give.
 */
import { limits } from "../../core/limits.ts";
import { firstIdAt, nextId, nextIdInSlot } from "../../core/commit-ids.ts";
import { StoreFault } from "../store-fault.ts";

/** From the first id up to, not including, `until`. */
export type SlotGrant = { readonly slot: number; readonly from: number; readonly until: number };

/** Asks the database for a slot from `from` up to `until`, for more of the one that it had where nobody has taken that; null: none is free. */
export type AskForSlot = (from: number, until: number, had: SlotGrant | null) => Promise<SlotGrant | null>;

const grantIds = firstIdAt(limits.idGrantMs);

export class IdSlots {
  readonly #ask: AskForSlot;
  #grant: SlotGrant | null = null;
  #asking: Promise<void> | null = null;
  /** The largest that was given, in whatever org. */
  #last = 0;

  constructor(ask: AskForSlot) {
    this.#ask = ask;
  }

  /** An id above `last`, of `nowMs` or later. */
  async next(last: number, nowMs: number): Promise<number> {
    for (;;) {
      const after = Math.max(last, this.#last);
      const grant = this.#grant;
      const id = grant === null ? Infinity : nextIdInSlot(grant.slot, Math.max(after, grant.from - 1), nowMs);
      if (grant !== null && id < grant.until) {
        this.#last = id;
        // Before it ends, so that nobody has to wait for the next one. Where that fails, whoever needs it meets it.
        // Expected: the database is away. Whoever finds the span used up asks again, and hears of it.
        if (id > grant.until - grantIds / 2) void this.#extend(id).catch(() => undefined);
        return id;
      }
      await this.#extend(nextId(after, nowMs));
    }
  }

  #extend(from: number): Promise<void> {
    this.#asking ??= this.#askFrom(from).finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #askFrom(from: number): Promise<void> {
    const granted = await this.#ask(from, from + grantIds, this.#grant);
    if (granted === null) throw new StoreFault(`${String(limits.idSlots)} processes write already`, { retryable: true });
    this.#grant = granted;
  }
}
