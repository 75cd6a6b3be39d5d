/**
 * How much an org may ask: API credits in 24 hours and requests under way at once (PROTOCOL E.6). Both are off unless an operator sets
 * them. What was used is kept in memory, a ring of numbers an org, and a server that starts begins with none used.
 *
 * A call costs one credit, and a write of records one for every ten of them. Credits come back 24 hours later, in steps of ten
 * minutes: a credit is held for 24 hours less one step at least, and 24 hours at most.
 */
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";

export type QuotaLimits = {
  /** Credits an org has in 24 hours; null: as many as it likes. */
  readonly creditsPerDay: number | null;
  /** Requests an org may have under way at once; null: as many as it likes. */
  readonly concurrent: number | null;
};

/** The refusal of a request, and the headers that tell when to come again. */
export type Turned = { readonly refusal: Refusal; readonly headers: readonly string[] };

/** A request that was let in. */
export type Visit = {
  /** Takes the credits that a body costs beyond the one of the call: all of them, or none and `credits_exhausted`. */
  payFor(body: unknown): Result<null>;
  /** `X-API-CREDITS-REMAINING`, once half of the credits are used. */
  headers(): readonly string[];
  /** To be called once, when the answer is known. */
  leave(): void;
};

export type Quota = { enter(org: number): Result<Visit, Turned> };

const openVisit: Visit = { payFor: () => ok(null), headers: () => [], leave: () => undefined };
const openResult = ok(openVisit);

export function createQuota({ creditsPerDay, concurrent }: QuotaLimits, clock: Pick<Clock, "now">): Quota {
  if (creditsPerDay === null && concurrent === null) return { enter: () => openResult };
  // One entry an org of this installation, and one is made only for a caller with a token of that org.
  const accounts = new Map<number, Account>();

  return {
    enter(org) {
      const account = accounts.get(org) ?? { used: new RollingSum(), underWay: 0 };
      accounts.set(org, account);
      if (concurrent !== null && account.underWay >= concurrent) return refuse(crowded(concurrent));
      if (creditsPerDay !== null && account.used.at(clock.now()) >= creditsPerDay) return refuse(exhausted);
      account.used.add(1, clock.now());
      account.underWay += 1;
      return ok(visitOf(account));
    },
  };

  function visitOf(account: Account): Visit {
    return {
      payFor(body) {
        const more = creditsFor(body) - 1;
        if (creditsPerDay !== null && account.used.at(clock.now()) + more > creditsPerDay) return refuse({ code: "credits_exhausted" });
        account.used.add(more, clock.now());
        return ok(null);
      },
      headers: () => (creditsPerDay === null ? [] : creditHeaders(creditsPerDay, account.used.at(clock.now()))),
      leave: () => void (account.underWay -= 1),
    };
  }

  /** dereekb comes again only when all three of X-RATELIMIT are there, `RESET` in epoch milliseconds (CLIENTS 2.9). */
  function crowded(limit: number): Turned {
    const afterSeconds = limits.tooManyRequestsRetryAfterSeconds;
    const headers = [
      "Retry-After",
      String(afterSeconds),
      "X-RATELIMIT-LIMIT",
      String(limit),
      "X-RATELIMIT-REMAINING",
      "0",
      "X-RATELIMIT-RESET",
      String(clock.now() + afterSeconds * 1_000),
    ];
    return { refusal: { code: "too_many_requests" }, headers };
  }
}

/** Without a time to come again: it may be hours away, and clients that are told one wait for it and say nothing (CLIENTS 2.9). */
const exhausted: Turned = { refusal: { code: "credits_exhausted" }, headers: ["X-API-CREDITS-REMAINING", "0"] };

type Account = { readonly used: RollingSum; underWay: number };

function creditHeaders(limit: number, used: number): readonly string[] {
  return used * 2 < limit ? [] : ["X-API-CREDITS-REMAINING", String(limit - used)];
}

/** What a write with this body costs: one credit for every ten entries of `data`, and never less than one. */
export function creditsFor(body: unknown): number {
  const data = typeof body === "object" && body !== null && "data" in body ? body.data : null;
  return Array.isArray(data) ? Math.max(1, Math.ceil(data.length / limits.recordsPerCredit)) : 1;
}

/** The sum of what was added in the last 24 hours, of bounded size: one number a step. */
class RollingSum {
  readonly #steps = new Float64Array(limits.creditWindowMs / limits.creditStepMs);
  #sum = 0;
  /** The number of the latest step since 1970. */
  #latest = 0;

  at(now: number): number {
    this.#moveTo(now);
    return this.#sum;
  }

  add(amount: number, now: number): void {
    this.#moveTo(now);
    const index = this.#latest % this.#steps.length;
    this.#steps[index] = (this.#steps[index] ?? 0) + amount;
    this.#sum += amount;
  }

  /** Empties the steps that the window has moved past. A clock that was set back adds to the latest step. */
  #moveTo(now: number): void {
    const step = Math.floor(now / limits.creditStepMs);
    const passed = Math.min(step - this.#latest, this.#steps.length);
    for (let at = 1; at <= passed; at += 1) {
      const index = (step - passed + at) % this.#steps.length;
      this.#sum -= this.#steps[index] ?? 0;
      this.#steps[index] = 0;
    }
    this.#latest = Math.max(this.#latest, step);
  }
}
