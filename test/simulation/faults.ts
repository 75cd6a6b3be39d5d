/** What goes wrong, by name; each is drawn from the seed's own chance. */
import type { Random } from "../fuzz/random.ts";
import type { BatchPlan } from "./simulated-engine.ts";

/**
 * `crash`: the process dies between two steps, or within a commit. `stop`: it is stopped in order and started again. `jump`: somebody sets
 * the clock. `full`: the disk takes no page more for a while. `commit`: a commit fails. `stall`: the disk hangs for a minute or two.
 * `hints`: a hint is lost or comes twice. `targets`: receivers fail, hang, throttle and lie.
 */
export const faultNames = ["crash", "stop", "jump", "full", "commit", "stall", "hints", "targets"] as const;
export type FaultName = (typeof faultNames)[number];

export class Faults {
  readonly #random: Random;
  readonly #names: ReadonlySet<FaultName>;
  isOver = false;

  constructor(random: Random, names: readonly FaultName[]) {
    this.#random = random;
    this.#names = new Set(names);
  }

  /** Whether the fault happens now, of which the chance is `share`. */
  strikes(name: FaultName, share: number): boolean {
    return !this.isOver && this.#names.has(name) && this.#random.hasChance(share);
  }

  below(end: number): number {
    return this.#random.below(end);
  }

  planBatch(): BatchPlan {
    const isStalled = this.strikes("stall", 0.003);
    const waitMs = isStalled ? 20_000 + this.#random.below(100_000) : 1 + this.#random.below(4);
    const answerMs = this.strikes("stall", 0.003) ? 20_000 + this.#random.below(60_000) : 1 + this.#random.below(4);
    const hints = this.strikes("hints", 0.02) ? 0 : this.strikes("hints", 0.1) ? 2 : 1;
    return { waitMs, answerMs, hints, commit: this.#commit() };
  }

  #commit(): BatchPlan["commit"] {
    if (this.strikes("commit", 0.004)) return "fails";
    if (this.strikes("crash", 0.0015)) return this.#random.hasChance(0.5) ? "crashes before" : "crashes after";
    return "lands";
  }
}
