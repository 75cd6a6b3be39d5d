/**
 * Rows of one shape as columns, to cross the thread boundary: there an object costs its keys over again, and much of what claims and
 * settlements say is the same for all of a batch. A column whose values are all alike is one value.
 */

type Row = Readonly<Record<string, unknown>>;

type Column = { readonly same: unknown } | { readonly each: readonly unknown[] };

export type Packed = { readonly count: number; readonly names: readonly string[]; readonly columns: readonly Column[] };

/** All rows have the keys of the first. */
export function packRows(rows: readonly object[]): Packed {
  // What is packed is data; its type is that of whoever unpacks it.
  const all = rows as readonly Row[];
  const names = Object.keys(all[0] ?? {});
  return { count: rows.length, names, columns: names.map((name) => packColumn(all.map((row) => row[name]))) };
}

/** Reads one column: the value in the row with this index. */
type Reader<Value> = (index: number) => Value;

/** Gives the reader of a column. */
export type ReaderOf<T> = <Name extends keyof T & string>(name: Name) => Reader<T[Name]>;

/**
 * The rows again. `rowReader` is given the columns and gives the function that makes one row of them: an object that is written down with its keys
 * is made many times faster than one that gets them one by one.
 */
export function unpackRows<T extends object>({ count, names, columns }: Packed, rowReader: (of: ReaderOf<T>) => Reader<T>): readonly T[] {
  // Who packed the rows had them of this type.
  const of = ((name: string) => readerOf(columns[names.indexOf(name)])) as ReaderOf<T>;
  const read = rowReader(of);
  return Array.from({ length: count }, (_, index) => read(index));
}

function packColumn(values: readonly unknown[]): Column {
  const [first] = values;
  return values.every((value) => value === first) ? { same: first } : { each: values };
}

function readerOf(column: Column | undefined): Reader<unknown> {
  if (column === undefined) return () => undefined;
  return "same" in column ? () => column.same : (index) => column.each[index];
}
