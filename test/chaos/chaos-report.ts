/** What a run of chaos came to: counts, times a kind of fault, and what broke. */
import type { LoadReceiver } from "../load/load-receiver.ts";
import type { LoadCounts } from "./chaos-load.ts";
import type { Counted, FaultWindow } from "./repeats.ts";

/**
 * `outageMs`: from the fault until what it broke works again. `recoveryMs`: from then until everything that was owed at that instant is delivered.
 * `takeoverMs`: from the fault until everything that was owed when it came is delivered. `silenceMs`: the longest time meanwhile in which nothing arrived.
 */
export type RoundTimes = {
  readonly outageMs: number;
  readonly recoveryMs: number;
  readonly takeoverMs: number;
  readonly silenceMs: number;
};

export type Spread = { readonly p50: number; readonly max: number };

export type KindReport = {
  readonly count: number;
  readonly outageMs: Spread;
  readonly recoveryMs: Spread;
  readonly takeoverMs: Spread;
  readonly silenceMs: Spread;
  /** POSTs that were in flight at these faults, and those of them that came twice. */
  readonly inFlight: number;
  readonly duplicates: number;
  /** The most after one fault. */
  readonly mostDuplicates: number;
};

export type ReportData = {
  readonly seed: number;
  readonly nats: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly answered: number;
  readonly refused: number;
  readonly broken: number;
  readonly changes: number;
  readonly notifications: number;
  readonly lost: number;
  readonly disorder: number;
  readonly duplicates: number;
  readonly kinds: Readonly<Record<string, KindReport>>;
  readonly breaches: readonly string[];
  readonly logs: Readonly<Record<string, string>>;
};

const breachesShownMax = 20;

class Silence {
  #lastAt = 0;
  #longestMs = 0;

  begin(now: number): void {
    this.#lastAt = now;
    this.#longestMs = 0;
  }

  note(now: number): void {
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastAt);
    this.#lastAt = now;
  }

  end(now: number): number {
    this.note(now);
    return this.#longestMs;
  }
}

export class ChaosReport {
  readonly silence = new Silence();
  readonly #startedAt = performance.now();
  readonly #times = new Map<string, RoundTimes[]>();
  readonly #counted = new Map<string, Counted[]>();
  readonly #breaches: string[] = [];
  readonly #logs: Record<string, string> = {};
  readonly #seed: number;
  readonly #nats: number;
  #rounds = 0;
  #counts = { answered: 0, refused: 0, broken: 0, changes: 0, notifications: 0, lost: 0, disorder: 0, duplicates: 0 };

  constructor(seed: number, nats: number) {
    this.#seed = seed;
    this.#nats = nats;
  }

  get rounds(): number {
    return this.#rounds;
  }

  get isSound(): boolean {
    return this.#breaches.length === 0;
  }

  beginRound(): number {
    this.#rounds += 1;
    return this.#rounds;
  }

  breach(what: string): void {
    if (this.#breaches.length < breachesShownMax) this.#breaches.push(what);
  }

  keepLog(name: string, text: string): void {
    this.#logs[name] = text;
  }

  noteArrival(): void {
    this.silence.note(Date.now());
  }

  /** `name`: of the fault, or of what several of them came to. */
  addTimes(name: string, times: RoundTimes): void {
    const before = this.#times.get(name);
    if (before === undefined) this.#times.set(name, [times]);
    else before.push(times);
  }

  count({ answered, refused, broken }: LoadCounts): void {
    this.#counts.answered += answered;
    this.#counts.refused += refused;
    this.#counts.broken += broken;
  }

  addComparison(compared: {
    readonly lost: number;
    readonly disorder: number;
    readonly changes: number;
    readonly receiver: Pick<LoadReceiver, "notifications">;
    readonly counted: ReadonlyMap<FaultWindow, Counted>;
  }): void {
    this.#counts.lost += compared.lost;
    this.#counts.disorder += compared.disorder;
    this.#counts.changes += compared.changes;
    this.#counts.notifications += compared.receiver.notifications.size;
    for (const [{ kind }, counted] of compared.counted) {
      this.#counts.duplicates += counted.repeats;
      this.#counted.set(kind, [...(this.#counted.get(kind) ?? []), counted]);
    }
  }

  get data(): ReportData {
    const names = new Set([...this.#times.keys(), ...this.#counted.keys()]);
    const kinds = Object.fromEntries([...names].toSorted().map((name) => [name, this.#kindReport(name)]));
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    const what = { seed: this.#seed, nats: this.#nats, rounds: this.#rounds, seconds };
    return { ...what, ...this.#counts, kinds, breaches: this.#breaches, logs: this.#logs };
  }

  #kindReport(name: string): KindReport {
    const times = this.#times.get(name) ?? [];
    const counted = [...this.#counted].filter(([kind]) => kind === name).flatMap(([, all]) => all);
    return {
      count: Math.max(times.length, counted.length),
      outageMs: spreadOf(times.map(({ outageMs }) => outageMs)),
      recoveryMs: spreadOf(times.map(({ recoveryMs }) => recoveryMs)),
      takeoverMs: spreadOf(times.map(({ takeoverMs }) => takeoverMs)),
      silenceMs: spreadOf(times.map(({ silenceMs }) => silenceMs)),
      inFlight: counted.reduce((sum, { inFlight }) => sum + inFlight, 0),
      duplicates: counted.reduce((sum, { repeats }) => sum + repeats, 0),
      mostDuplicates: Math.max(0, ...counted.map(({ repeats }) => repeats)),
    };
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return { p50: Math.round(sorted[sorted.length >> 1] ?? 0), max: Math.round(sorted.at(-1) ?? 0) };
}
