/** Paths of pages: `/channels/:key` takes `/channels/12` and gives `{ key: "12" }`. */
export type PathParams = Readonly<Record<string, string>>;

export function matchPath(pattern: string, path: string): PathParams | null {
  const expected = partsOf(pattern);
  const given = partsOf(path);
  if (expected.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

/** Puts values in the places of a pattern. */
export function fillPath(pattern: string, params: Readonly<Record<string, string | number>>): string {
  return pattern.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? "")));
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Expected of an address typed by hand: a stray percent sign.
    return part;
  }
}
