/**
 * The circuits of one kind, by key. In memory alone, and no more than a bound: one that is forgotten costs a few attempts. A circuit of which
 * nothing bad is known is kept too, for when its target last answered; it is the first to be forgotten.
 */
import {
  type Circuit,
  type CircuitEvent,
  type CircuitKind,
  type CircuitRules,
  type CircuitState,
  afterEvent,
  isReady,
  newCircuit,
} from "../core/circuit.ts";
import type { Random } from "../core/clock.ts";

/** A circuit that is not closed, or of which some attempts have failed. */
export type CircuitView = {
  readonly kind: CircuitKind;
  /** The origin, or the channel's key. */
  readonly key: string;
  readonly state: CircuitState;
  /** When the next attempt may be made; null unless open. */
  readonly until: number | null;
  /** Failed attempts in a row. */
  readonly failures: number;
};

export type CircuitsOptions = {
  readonly kind: CircuitKind;
  readonly random: Random;
  readonly rules: CircuitRules;
  readonly circuitsMax: number;
  /** It opens and was closed, or it closes and was not. */
  readonly onTurned: (view: CircuitView) => void;
};

export class Circuits<Key extends string | number> {
  readonly #options: CircuitsOptions;
  /** The one last heard of last, in both. */
  readonly #closed = new Map<Key, Circuit>();
  readonly #unclosed = new Map<Key, Circuit>();

  constructor(options: CircuitsOptions) {
    this.#options = options;
  }

  /** How the circuit stands; null: closed. */
  get(key: Key): Circuit | null {
    return this.#unclosed.get(key) ?? null;
  }

  unclosed(): Iterable<readonly [Key, Circuit]> {
    return this.#unclosed;
  }

  /** Whether an attempt may begin now. */
  admits(key: Key, now: number): boolean {
    const circuit = this.#unclosed.get(key);
    return circuit === undefined || isReady(circuit, now);
  }

  /** Gives back the circuit's state after the event, and whether it is another one than before. */
  hear(key: Key, event: CircuitEvent, now: number): { readonly state: CircuitState; readonly isChanged: boolean } {
    const { random, rules, onTurned } = this.#options;
    const before = this.#unclosed.get(key) ?? this.#closed.get(key) ?? newCircuit;
    const after = afterEvent(before, event, { now, random, rules });
    this.#closed.delete(key);
    this.#unclosed.delete(key);
    (after.state === "closed" ? this.#closed : this.#unclosed).set(key, after);
    if (this.#closed.size + this.#unclosed.size > this.#options.circuitsMax) this.#forgetOneBut(key);
    if ((before.state === "closed") !== (after.state === "closed")) onTurned(this.#viewOf(key, after));
    return { state: after.state, isChanged: before.state !== after.state };
  }

  /** When the first circuit lets its probe through that does not yet; null: none waits. */
  nextProbeAt(now: number): number | null {
    let first: number | null = null;
    for (const circuit of this.#unclosed.values()) {
      if (circuit.until === null || isReady(circuit, now)) continue;
      first = Math.min(first ?? circuit.until, circuit.until);
    }
    return first;
  }

  views(): readonly CircuitView[] {
    const failing = [...this.#closed].filter(([, { failures }]) => failures > 0);
    return [...this.#unclosed, ...failing].map(([key, circuit]) => this.#viewOf(key, circuit));
  }

  #viewOf(key: Key, { state, until, failures }: Circuit): CircuitView {
    return { kind: this.#options.kind, key: String(key), state, until, failures };
  }

  /** The closed one that was not heard of for longest; when no other is closed, the one that is not. */
  #forgetOneBut(heard: Key): void {
    const [closed] = this.#closed.keys();
    if (closed !== undefined && closed !== heard) {
      this.#closed.delete(closed);
      return;
    }
    const [unclosed] = this.#unclosed.keys();
    if (unclosed !== undefined) this.#unclosed.delete(unclosed);
  }
}
