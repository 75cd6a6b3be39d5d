/**
 * The mark of a store that is being moved to another database, or has been. It stands in the store from the move's beginning: what a server wrote
 * afterwards would be lost, and what it sent would be sent twice.
 */
import type { DatabaseSync } from "node:sqlite";

export type MovedMark = {
  /** The move's own id, which the target has too. */
  readonly id: string;
  /** Host and name of the database, without user and password. */
  readonly place: string;
  /** When the move began, in ms: what was claimed falls due then. */
  readonly at: number;
  readonly isDone: boolean;
};

/** The row of `settings` that is the mark. */
export const markName = "moved_to";

export function readMark(connection: DatabaseSync): MovedMark | null {
  if (connection.prepare("select 1 from sqlite_schema where name = 'settings'").get() === undefined) return null;
  const value = connection.prepare("select value from settings where name = ?").get(markName)?.["value"];
  // Written by us alone.
  return typeof value === "string" ? (JSON.parse(value) as MovedMark) : null;
}

/** null takes it away. */
export function writeMark(connection: DatabaseSync, mark: MovedMark | null): void {
  if (mark === null) connection.prepare("delete from settings where name = ?").run(markName);
  else connection.prepare("insert or replace into settings (name, value) values (?, ?)").run(markName, JSON.stringify(mark));
}

/** Throws an Error for people when the store has gone elsewhere. */
export function refuseMoved(connection: DatabaseSync): void {
  const mark = readMark(connection);
  if (mark === null) return;
  const { place, at, isDone } = mark;
  const [is, otherwise] = isDone
    ? [`it was moved to the database ${place} on ${instant(at)}`, "Start the server with --database-url"]
    : [`it is being moved to the database ${place} since ${instant(at)}`, "Run migrate-store again, which goes on where it stopped"];
  throw new Error(`${is}. ${otherwise}; migrate-store with --reopen undoes the move, for a store whose new database no server uses`);
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
