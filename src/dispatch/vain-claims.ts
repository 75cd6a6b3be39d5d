/**
 * Claims in a row that gave nothing although something was due: it stands behind what was looked at in vain, which the next claim leaves out; or another
 * process is taking it just now.
 */
import type { Random } from "../core/clock.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";

/** After so many there is a pause. */
const inRowMax = 100;
type VainLimits = Pick<DispatchLimits, "dispatchBackoffMs" | "vainPauseMsMax">;

export class VainClaims {
  readonly #random: Random;
  readonly #limits: VainLimits;
  #inRow = 0;

  constructor(random: Random, limits: VainLimits) {
    this.#random = random;
    this.#limits = limits;
  }

  /** A claim gave something. */
  end(): void {
    this.#inRow = 0;
  }

  /** One more; gives how long to wait before the next: the longer the more is in vain, up to the limit. */
  note(): number {
    const { dispatchBackoffMs, vainPauseMsMax } = this.#limits;
    this.#inRow += 1;
    if (this.#inRow > inRowMax) {
      // Not expected: so many claims, and none came to what is due.
      this.#inRow = 0;
      return dispatchBackoffMs;
    }
    return Math.ceil(Math.min(vainPauseMsMax, 2 ** this.#inRow) * this.#random.next());
  }
}
