/** What the receivers got, against what was answered: nothing lost, nothing that nobody asked for, one id a notice, and each record in order. */
import type { AnsweredLedger } from "./answered-ledger.ts";
import type { LoadReceiver } from "./load-receiver.ts";

type Heard = Pick<LoadReceiver, "notifications" | "arrived">;

/** A line for each broken promise; those of `lost` are counted. */
export type Comparison = { readonly lost: number; readonly faults: readonly string[] };

/** What had to come has come, under one id each, and nothing came that must not. */
export function compareNotices({ notifications }: Heard, ledger: AnsweredLedger): Comparison {
  const faults: string[] = [];
  const idsOf = new Map<string, string>();
  for (const { id, notices } of notifications.values()) {
    for (const { key } of notices) {
      const first = idsOf.get(key);
      if (first !== undefined) faults.push(`${key} came under ${first} and ${id}`);
      idsOf.set(key, id);
      if (ledger.forbidden.has(key)) faults.push(`${key} came under ${id}, and its channel had not asked for it`);
    }
  }
  const lost = [...ledger.owed].filter(([key]) => !idsOf.has(key));
  return {
    lost: lost.length,
    faults: [...faults, ...lost.map(([key, round]) => `lost: ${key} was answered in round ${round}, and never came`)],
  };
}

/** A record's notices come in the order of its writes; after one has come, none before it comes. `counts`: what that is asked of. */
export function orderFaults({ arrived }: Heard, counts: (arrival: Heard["arrived"][number]) => boolean): readonly string[] {
  const faults: string[] = [];
  const latest = new Map<string, number>();
  for (const arrival of arrived) {
    if (!counts(arrival)) continue;
    const { channelId, notice } = arrival;
    const line = `${channelId} ${notice.recordId}`;
    const before = latest.get(line) ?? 0;
    if (notice.rank < before) faults.push(`out of order: ${notice.key} came after the notice of ${before}`);
    latest.set(line, Math.max(before, notice.rank));
  }
  return faults;
}
