/**
 * Reads a parsed JSON document from `unknown`, straight down, and notes each fault with its JSON path. A reading always gives a value
 * of its type, so that the parser needs no branch for what is wrong: it asks for the first fault when it is through.
 */

export type JsonNode = { readonly path: string; readonly value: unknown };

export type Faults = {
  add(path: string, fault: string): void;
  /** `$.path: what is wrong`, of the fault found first; null when there is none. */
  first(): string | null;
};

export type JsonObject = {
  readonly path: string;
  has(key: string): boolean;
  /** The node under the key; its value is undefined when the key is absent. */
  node(key: string): JsonNode;
  /** A text that must be there, not empty, of at most `charsMax` characters. */
  text(key: string, charsMax: number): string;
  /** As `text`, or null when the key is absent or null. */
  optionalText(key: string, charsMax: number): string | null;
  /** true or false; false when the key is absent. */
  flag(key: string): boolean;
  /** A whole number from `min` to `max`, or null when the key is absent or null. */
  optionalInteger(key: string, range: { readonly min: number; readonly max: number }): number | null;
  /** The members of a list of at most `membersMax`; none when the key is absent. */
  list(key: string, membersMax: number): readonly JsonNode[];
  /** The members of an object by key, in their order; none when the key is absent. */
  members(key: string): readonly { readonly key: string; readonly node: JsonNode }[];
};

export function createFaults(): Faults {
  const faults: string[] = [];
  return {
    add: (path, fault) => void faults.push(`${path}: ${fault}`),
    first: () => faults[0] ?? null,
  };
}

/** The object at the node; a key that is not among `keys` is a fault. */
export function readObject({ path, value }: JsonNode, keys: readonly string[], faults: Faults): JsonObject {
  const object = isObject(value) ? value : {};
  if (!isObject(value)) faults.add(path, expected("an object", value));
  for (const key of Object.keys(object)) {
    if (!keys.includes(key)) faults.add(pathTo(path, key), `unknown key; the keys here are ${keys.join(", ")}`);
  }

  function node(key: string): JsonNode {
    return { path: pathTo(path, key), value: Object.hasOwn(object, key) ? object[key] : undefined };
  }

  function optionalText(key: string, charsMax: number): string | null {
    const { path: at, value: found } = node(key);
    if (found === undefined || found === null) return null;
    if (typeof found !== "string") faults.add(at, expected("a text", found));
    else if (found.trim() === "") faults.add(at, "expected a text, came an empty one");
    else if (found.length > charsMax) faults.add(at, `expected at most ${String(charsMax)} characters, came ${String(found.length)}`);
    else return found;
    return "";
  }

  function text(key: string, charsMax: number): string {
    const found = optionalText(key, charsMax);
    if (found === null) faults.add(pathTo(path, key), expected("a text", node(key).value));
    return found ?? "";
  }

  function flag(key: string): boolean {
    const { path: at, value: found } = node(key);
    if (found !== undefined && typeof found !== "boolean") faults.add(at, expected("true or false", found));
    return found === true;
  }

  function optionalInteger(key: string, { min, max }: { readonly min: number; readonly max: number }): number | null {
    const { path: at, value: found } = node(key);
    if (found === undefined || found === null) return null;
    if (typeof found === "number" && Number.isInteger(found) && found >= min && found <= max) return found;
    faults.add(at, expected(`a whole number from ${String(min)} to ${String(max)}`, found));
    return null;
  }

  function list(key: string, membersMax: number): readonly JsonNode[] {
    const { path: at, value: found } = node(key);
    if (found === undefined) return [];
    if (!Array.isArray(found)) faults.add(at, expected("a list", found));
    else if (found.length > membersMax) faults.add(at, `expected at most ${String(membersMax)} members, came ${String(found.length)}`);
    else return found.map((member: unknown, index) => ({ path: `${at}[${String(index)}]`, value: member }));
    return [];
  }

  function members(key: string): readonly { readonly key: string; readonly node: JsonNode }[] {
    const { path: at, value: found } = node(key);
    if (found === undefined) return [];
    if (!isObject(found)) faults.add(at, expected("an object", found));
    const entries = isObject(found) ? Object.entries(found) : [];
    return entries.map(([name, member]) => ({ key: name, node: { path: pathTo(at, name), value: member } }));
  }

  return { path, has: (key) => Object.hasOwn(object, key), node, text, optionalText, flag, optionalInteger, list, members };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `$.a.b`, or `$.a["b c"]` for a key that is no plain name. */
export function pathTo(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** What came is told by its type alone, for it may be a secret. */
function expected(what: string, value: unknown): string {
  return `expected ${what}, came ${typeName(value)}`;
}

function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const names: Readonly<Record<string, string>> = { string: "a text", number: "a number", boolean: "true or false", object: "an object" };
  return names[typeof value] ?? typeof value;
}
