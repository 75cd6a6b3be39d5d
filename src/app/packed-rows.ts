/**
 * Rows of one shape as columns, to cross the thread boundary: there an object costs its keys over again, and much of what claims and
 * settlements say is the same for all of a batch. A column whose values are all alike is one value.
 */

type Row = Readonly<Record<string, unknown>>;

type Column = { readonly same: unknown } | { readonly each: readonly unknown[] } | { readonly rows: Packed };

export type Packed = { readonly count: number; readonly names: readonly string[]; readonly columns: readonly Column[] };

/** All rows have the keys of the first. */
export function packRows(rows: readonly object[]): Packed {
  // What is packed is data; its type is that of whoever unpacks it.
  const all = rows as readonly Row[];
  const names = Object.keys(all[0] ?? {});
  return { count: rows.length, names, columns: names.map((name) => packColumn(all.map((row) => row[name]))) };
}

/** The rows again, each an object of its own. */
export function unpackRows<T extends object>({ count, names, columns }: Packed): readonly T[] {
  const read = columns.map(readerOf);
  return Array.from({ length: count }, (_, index) => {
    const row: Record<string, unknown> = {};
    for (const [place, name] of names.entries()) row[name] = read[place]?.(index);
    return row as T;
  });
}

function packColumn(values: readonly unknown[]): Column {
  const [first] = values;
  if (values.every((value) => value === first)) return { same: first };
  return values.every(isRow) ? { rows: packRows(values) } : { each: values };
}

function isRow(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readerOf(column: Column): (index: number) => unknown {
  if ("same" in column) return () => column.same;
  const values = "each" in column ? column.each : unpackRows(column.rows);
  return (index) => values[index];
}
