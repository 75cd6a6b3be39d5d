/** Says when a part that works in the background has nothing to do but wait, for whoever moves the clock. */
import type { Quiet } from "../core/clock.ts";

export class Stillness implements Quiet {
  readonly #isStill: () => boolean;
  #waiting: (() => void)[] = [];

  constructor(isStill: () => boolean) {
    this.#isStill = isStill;
  }

  get isIdle(): boolean {
    return this.#isStill();
  }

  idle(): Promise<void> {
    if (this.#isStill()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** To be called whenever the part may have become still. */
  look(): void {
    if (this.#waiting.length === 0 || !this.#isStill()) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
