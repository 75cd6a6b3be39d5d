/** The URL of a shared database: what may be one, and what of it people are shown. */
import { type Result, ok, refuse } from "./result.ts";

const schemes = ["postgres:", "postgresql:"];

/** A URL that names a host and a database. The text itself is never repeated in an error, for it holds a password. */
export function readDatabaseUrl(text: string): Result<string, string> {
  const url = URL.parse(text.trim());
  if (url === null || !schemes.includes(url.protocol)) return refuse("expects a URL such as postgres://user:password@host:5432/database");
  if (url.hostname === "") return refuse("expects a URL that names the host");
  // Of a password that holds such a sign as it stands, a part would be read, and shown, as host or database.
  const isBare = url.hash !== "" || url.pathname.includes("@");
  if (isBare) return refuse("expects %40, %2F and %23 in place of @, / and # in the user or the password");
  if (!/^\/[^/]+$/.test(url.pathname)) return refuse("expects a URL that names the database");
  return ok(url.href);
}

/** Where the database is: host, port and name, without user, password and settings. */
export function databasePlace(url: string): string {
  const { host = "", pathname = "" } = URL.parse(url) ?? {};
  return `${host}${pathname}`;
}
