/**
 * What is the same for every POST to a notify_url, worked out once and kept for those that were used last: reading a URL, judging its
 * host and writing down its query cost more together than signing a body.
 */
import { queryText, requestUrl } from "../wire/callback.ts";
import type { TargetGuard } from "../app/target-guard.ts";

export type Target = {
  readonly origin: string;
  /** Path and query of the request. */
  readonly path: string;
  /** The guard's word on the URL itself; it speaks again on the address that is dialled. */
  readonly isAllowed: boolean;
  /** JSON of `query_params`, as the callback's body takes it. */
  readonly queryText: string;
};

export class Targets {
  readonly #guard: Pick<TargetGuard, "isUrlAllowed">;
  readonly #keptMax: number;
  readonly #known = new Map<string, Target>();

  constructor(guard: Pick<TargetGuard, "isUrlAllowed">, keptMax: number) {
    this.#guard = guard;
    this.#keptMax = keptMax;
  }

  /** `notifyUrl` is one that a channel may have; throws for any other. */
  of(notifyUrl: string): Target {
    const known = this.#known.get(notifyUrl);
    if (known !== undefined) return known;
    const url = new URL(requestUrl(notifyUrl));
    const target = {
      origin: url.origin,
      path: url.pathname + url.search,
      isAllowed: this.#guard.isUrlAllowed(url),
      queryText: queryText(notifyUrl),
    };
    if (this.#known.size >= this.#keptMax) this.#known.clear();
    this.#known.set(notifyUrl, target);
    return target;
  }
}
