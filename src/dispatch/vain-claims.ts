/**
 * Claims in a row that gave nothing although something was due: it stands behind what was looked at in vain, which the next claim leaves out; or another
 * process is taking it just now.
 */
import type { Random } from "../core/clock.ts";

/** After so many there is a pause. */
const inRowMax = 100;
/** Between claims where others claim too. */
const pauseMsMax = 64;

export class VainClaims {
  readonly #random: Random;
  readonly #backoffMs: number;
  #inRow = 0;

  constructor(random: Random, backoffMs: number) {
    this.#random = random;
    this.#backoffMs = backoffMs;
  }

  /** A claim gave something. */
  end(): void {
    this.#inRow = 0;
  }

  /** One more; gives how long to wait before the next. `isAmongOthers`: they may have what is due, and the more is in vain the longer they are left alone. */
  note({ isAmongOthers }: { readonly isAmongOthers: boolean }): number {
    this.#inRow += 1;
    if (this.#inRow > inRowMax) {
      // Not expected: so many claims, and none came to what is due.
      this.#inRow = 0;
      return this.#backoffMs;
    }
    return isAmongOthers ? Math.ceil(Math.min(pauseMsMax, 2 ** this.#inRow) * this.#random.next()) : 0;
  }
}
