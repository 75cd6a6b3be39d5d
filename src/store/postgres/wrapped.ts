/** A method of a row group, whatever it is asked and gives. */
export type Method = (...asked: readonly unknown[]) => unknown;

/** The row group with the methods of these names wrapped. */
export function wrapped<Rows extends object>(rows: Rows, names: readonly (keyof Rows & string)[], wrap: (method: Method) => Method): Rows {
  const own = names.map((name): [string, Method] => [name, wrap((...asked) => Reflect.apply(rows[name] as Method, rows, asked))]);
  return { ...rows, ...Object.fromEntries(own) };
}
