/** Logs are read org by org, each by a window of its own that goes back as far as one look may. */
import type { Window } from "../store/ports/changes.ts";

/** The newest of all. The page ends where the shortest window ended, so that nothing is left out. */
export function mergedWindows<Row extends { readonly id: number }>(windows: readonly Window<Row>[], limit: number): Window<Row> {
  const lookedTo = Math.max(0, ...windows.map(({ nextId }) => nextId ?? 0));
  const found = windows
    .flatMap(({ rows }) => rows)
    .filter(({ id }) => id >= lookedTo)
    .toSorted((one, other) => other.id - one.id);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isCut = found.length > rows.length && last !== undefined;
  return { rows, nextId: isCut ? last.id : lookedTo === 0 ? null : lookedTo };
}
