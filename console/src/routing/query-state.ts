/** The part of a page's state that stands in the address: what a codec says, and nothing else. */
export type QueryCodec<Name extends string> = {
  readonly names: readonly Name[];
  /** Every name with what the address holds for it, or its default. */
  readonly read: (search: string) => Readonly<Record<Name, string>>;
  /** The search part of the address, `?` included, empty when all is at its default. Names that are not the codec's stay as they are. */
  readonly write: (search: string, change: Partial<Readonly<Record<Name, string>>>) => string;
};

/** A codec of texts, each with its default. */
export function queryCodec<Name extends string>(defaults: Readonly<Record<Name, string>>): QueryCodec<Name> {
  const names = namesOf(defaults);
  return {
    names,
    read(search) {
      const params = new URLSearchParams(search);
      return { ...defaults, ...Object.fromEntries(names.map((name) => [name, params.get(name) ?? defaults[name]])) };
    },
    write(search, change) {
      const params = new URLSearchParams(search);
      for (const name of names) {
        const value = change[name];
        if (value === undefined) continue;
        if (value === defaults[name]) params.delete(name);
        else params.set(name, value);
      }
      const text = params.toString();
      return text === "" ? "" : `?${text}`;
    },
  };
}

/** `Object.keys` forgets the type of the keys. */
function namesOf<Name extends string>(record: Readonly<Record<Name, string>>): readonly Name[] {
  const names: Name[] = [];
  for (const name in record) names.push(name);
  return names;
}
