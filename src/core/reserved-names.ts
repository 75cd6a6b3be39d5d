/** First parts of a path below the version that are no module; no custom module may have such a name. */

const names: ReadonlySet<string> = new Set(["actions", "settings", "users", "org", "coql", "bulk", "files"]);

/** Whether the name is one of them, without regard to case. */
export function isReservedName(name: string): boolean {
  return names.has(name.toLowerCase());
}
