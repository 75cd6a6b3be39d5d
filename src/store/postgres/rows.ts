/** The row groups over PostgreSQL: the shared ones, and those of its own. */
import type { Tx } from "../store.ts";
import type { IdSource } from "../sql/database.ts";
import { sharedRows } from "../sql/rows.ts";
import { postgresChanges } from "./changes.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import type { PostgresDatabase } from "./database.ts";
import type { KnownTargets } from "./channel-targets.ts";
import { postgresDeliveries } from "./deliveries.ts";
import { heldBehindDoors } from "./doors.ts";
import { raising } from "./epochs.ts";
import { postgresNodes } from "./nodes.ts";
import { postgresOrgs } from "./orgs.ts";
import { RecordCache } from "./record-cache.ts";
import { postgresRecords } from "./records.ts";
import { postgresRetention } from "./retention.ts";
import { Unwritten } from "./unwritten.ts";

/** No org has this key; its state stands for all of them. */
const allOrgs = 0;

/** What the transactions of a process remember from one to the next. */
type Memory = { readonly turn: ClaimTurn; readonly targets: KnownTargets };

export function postgresRows(db: PostgresDatabase, { turn, targets }: Memory): Tx {
  const { session } = db;
  const cache = new RecordCache();
  const unwritten = new Unwritten(db, { records: cache, targets });
  session.attend(unwritten);
  const ids: IdSource = {
    next: (org, nowMs) => session.orgs.nextId(org, nowMs),
    // What few commits write: they come one after another over all orgs.
    nextOverOrgs: (nowMs) => session.orgs.nextId(allOrgs, nowMs),
  };
  const shared = sharedRows(db, ids);
  const rows = {
    ...shared,
    orgs: postgresOrgs(db, shared.orgs),
    records: postgresRecords(db, cache),
    changes: postgresChanges(db, { ids, unwritten }),
    deliveries: postgresDeliveries(db, { ids, turn, unwritten }),
    nodes: postgresNodes(db, unwritten),
    retention: postgresRetention(db),
    savepoint: <T>(work: () => Promise<T>) => session.savepoint(work),
  };
  const behindDoors = { ...rows, ...heldBehindDoors(session.orgs, rows) };
  return { ...behindDoors, ...raising(session.orgs, behindDoors) };
}
