/** The row groups over PostgreSQL: the shared ones, and those of its own. */
import type { Tx } from "../store.ts";
import type { IdSource } from "../sql/database.ts";
import { sharedRows } from "../sql/rows.ts";
import { postgresChanges } from "./changes.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import type { PostgresDatabase } from "./database.ts";
import { postgresDeliveries } from "./deliveries.ts";
import { heldBehindDoors } from "./doors.ts";
import { raising } from "./epochs.ts";
import { postgresOrgs } from "./orgs.ts";
import { postgresRecords } from "./records.ts";
import { postgresRetention } from "./retention.ts";

/** No org has this key; its state stands for all of them. */
const allOrgs = 0;

export function postgresRows(db: PostgresDatabase, turn: ClaimTurn): Tx {
  const { session } = db;
  const ids: IdSource = {
    next: (org, nowMs) => session.orgs.nextId(org, nowMs),
    // What few commits write: they come one after another over all orgs.
    nextOverOrgs: (nowMs) => session.orgs.nextId(allOrgs, nowMs),
  };
  const shared = sharedRows(db, ids);
  const rows = {
    ...shared,
    orgs: postgresOrgs(db, shared.orgs),
    records: postgresRecords(db),
    changes: postgresChanges(db, ids),
    deliveries: postgresDeliveries(db, { ids, turn }),
    retention: postgresRetention(db),
    savepoint: <T>(work: () => Promise<T>) => session.savepoint(work),
  };
  const behindDoors = { ...rows, ...heldBehindDoors(session.orgs, rows) };
  return { ...behindDoors, ...raising(session.orgs, behindDoors) };
}
