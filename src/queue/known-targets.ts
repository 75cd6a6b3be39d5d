/**
 * Where channels deliver to, as this process last read it. What was read under an epoch of the org holds for whatever was claimed under the
 * same or an earlier one: what changes a channel raises the epoch.
 */
import type { ClaimTarget } from "../core/attempt.ts";
import { limits } from "../core/limits.ts";

export class KnownTargets {
  readonly #known = new Map<number, ClaimTarget>();

  /** The target as it was at `orgEpoch` or since; null: it has to be read. */
  get(channelKey: number, orgEpoch: number): ClaimTarget | null {
    const known = this.#known.get(channelKey);
    return known !== undefined && orgEpoch > 0 && known.orgEpoch >= orgEpoch ? known : null;
  }

  note(target: ClaimTarget): void {
    if ((this.#known.get(target.channelKey)?.orgEpoch ?? -1) > target.orgEpoch) return;
    if (this.#known.size >= limits.channelTargetsKeptMax) this.#known.clear();
    this.#known.set(target.channelKey, target);
  }
}
