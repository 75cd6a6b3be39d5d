/** One thing that `doctor` looked at, how it stands, and what to do about it. */

export type Verdict = "ok" | "warn" | "fail";

export type Check = {
  /** A word or two: what was looked at. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly detail: string;
  /** What to do; null: nothing. */
  readonly advice: string | null;
};

export function good(name: string, detail: string): Check {
  return { name, verdict: "ok", detail, advice: null };
}

export function warning(name: string, detail: string, advice: string): Check {
  return { name, verdict: "warn", detail, advice };
}

export function failure(name: string, detail: string, advice: string): Check {
  return { name, verdict: "fail", detail, advice };
}
