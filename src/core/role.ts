/** What a process does of all that a server does, where several share a store. */

/** `api` answers requests. `dispatch` hands out deliveries. `janitor` removes what is old, gives notices and makes the steps of replays. */
export const roles = ["api", "dispatch", "janitor"] as const;
export type Role = (typeof roles)[number];
export type Roles = ReadonlySet<Role>;

export const everyRole: Roles = new Set(roles);

/** Reads `all`, a role, or several with commas between; null: it says something else. */
export function readRoles(text: string): Roles | null {
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("all")) return words.length === 1 ? everyRole : null;
  const named = words.map((word) => roles.find((role) => role === word));
  return named.includes(undefined) ? null : new Set(named.filter((role) => role !== undefined));
}

/** As `readRoles` reads them. */
export function writeRoles(of: Roles): string {
  const named = roles.filter((role) => of.has(role));
  return named.length === roles.length ? "all" : named.join(",");
}
