/** The ceilings by themselves, and what HTTP in front costs one that stores nothing. */
import { c1Name, c2Name, openC1, openC2 } from "../ceilings.ts";
import type { Outcome } from "../figure.ts";
import { type Session, alternate, ratiosOf } from "../session.ts";

export async function measureCeilings(session: Session): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const runs = await alternate(session, [openC1(session, stack), await openC2(session, stack)]);
  const c1 = runs.get(c1Name) ?? [];
  const c2 = runs.get(c2Name) ?? [];
  return {
    measures: [
      { name: c1Name, unit: "requests/s", runs: c1 },
      { name: c2Name, unit: "requests/s", runs: c2, ratios: { "× C1": ratiosOf(c2, c1) } },
    ],
  };
}
