/** What a figure of the bench is, and what comes of it. */
import type { Session } from "./session.ts";

export type Figure = {
  /** For `--only`, and the key in the JSON. */
  readonly name: string;
  readonly title: string;
  readonly run: (session: Session) => Promise<Outcome>;
};

export type Outcome = {
  readonly measures: readonly Measure[];
  /** What was left out, and why. */
  readonly skipped?: readonly string[];
  /** What it was measured on, where the title does not say. */
  readonly notes?: readonly string[];
};

export type Measure = {
  readonly name: string;
  readonly unit: Unit;
  /** One value a run, in the order of the runs. */
  readonly runs: readonly number[];
  /** By what stands over their column: this value by another's of the same round, a round each. */
  readonly ratios?: Readonly<Record<string, readonly number[]>>;
  /** Rows that were there: measures of one name with different sizes make a curve. */
  readonly size?: number;
};

export type Unit = "deliveries/s" | "records/s" | "edits/s" | "requests/s" | "statements" | "ms" | "µs" | "MB" | "%";
