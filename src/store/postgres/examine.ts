/**
 * Looks at a database as an operator would before servers are started on it: everything that a start asks of it, and what a start cannot see.
 * Nothing is made or changed, each step is bounded, and no word of it holds a secret.
 */
import type { Pool } from "pg";
import { limits } from "../../core/limits.ts";
import { type Result, ok, refuse } from "../../core/result.ts";
import { asFault } from "./faults.ts";
import { refuseLentSessions } from "./kept-session.ts";
import { type SchemaState, schemaState, versionMin } from "./migrate.ts";
import { refuseHalfMoved } from "./moves.ts";
import { openPool } from "./open.ts";

/** What the database says of itself and of the login. */
export type DatabaseFacts = {
  readonly version: string;
  readonly isTooOld: boolean;
  readonly login: string;
  /** Where tables would be made; null: nowhere. */
  readonly schema: string | null;
  readonly mayCreate: boolean;
  /** Tables in the schema, and those of them that are not the login's to change. */
  readonly tables: number;
  readonly foreignTables: number;
  readonly encoding: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  /** As the server writes them. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** Whether a commit waits for a replica, and how many are connected. */
  readonly waitsForReplica: boolean;
  readonly replicas: number;
  /** Connections that the server takes without those it reserves, and those that others than servers on this database have. */
  readonly connectionsMax: number;
  readonly othersConnected: number;
  /** What the login and the database are allowed; null each: as many as there are. */
  readonly loginConnectionsMax: number | null;
  readonly databaseConnectionsMax: number | null;
  /** How far its clock is ahead of the given one. */
  readonly aheadMs: number;
};

/** The errors are words for people. */
export type DatabaseExam = {
  readonly facts: Result<DatabaseFacts, string>;
  readonly schema: Result<SchemaState, string>;
  /** Whether a connection keeps its session. */
  readonly session: Result<void, string>;
  readonly move: Result<void, string>;
};

/** Connections that a server uses when it is busy: its transactions, its wake-ups and its share of the ids; and without which it does not start. */
export const serverConnections = { most: limits.databaseConnectionsMax + 2, least: 3 } as const;

/** The error, in words for people: it cannot be reached at all. */
export async function examineDatabase(url: string, now: () => number): Promise<Result<DatabaseExam, string>> {
  const [pool, beside] = [openPool(url, 1, limits.databaseConnectMs), openPool(url, 1, limits.databaseConnectMs)];
  try {
    const reached = await found(() => pool.query("select 1"));
    if (!reached.ok) return reached;
    return ok({
      facts: await found(() => readFacts(pool, now)),
      schema: await found(() => schemaState(pool)),
      move: await found(() => refuseHalfMoved(pool)),
      session: await found(() => refuseLentSessions(pool, beside)),
    });
  } finally {
    await Promise.all([pool.end(), beside.end()]);
  }
}

async function found<T>(look: () => Promise<T>): Promise<Result<T, string>> {
  try {
    return ok(await look());
  } catch (error) {
    // Expected: anything that a database or the way to it may have.
    return refuse(reasonOf(error));
  }
}

/** What it is to the store, and what the server or the system said: that tells a wrong password from a rule of pg_hba.conf, and a name from a port. */
function reasonOf(error: unknown): string {
  const fault = asFault(error);
  if (!(fault instanceof Error)) return String(fault);
  if (error instanceof Error && error.message === "Query read timeout") return "it does not answer in time";
  if (fault === error) return fault.message;
  // A name with several addresses fails with all their errors in one.
  const said: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return said instanceof Error && said.message !== "" ? `${fault.message} (${said.message})` : fault.message;
}

async function readFacts(pool: Pool, now: () => number): Promise<DatabaseFacts> {
  const { rows } = await pool.query<FactsRow>(factsText);
  const askedAt = now();
  const { rows: clocks } = await pool.query<{ now: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as now");
  const answeredAt = now();
  const [row] = rows;
  if (row === undefined) throw new Error("it answers with nothing");
  const { versionNumber, loginLimit, databaseLimit, ...facts } = row;
  const limitOf = (count: number): number | null => (count < 0 ? null : count);
  return {
    ...facts,
    isTooOld: versionNumber < versionMin,
    loginConnectionsMax: limitOf(loginLimit),
    databaseConnectionsMax: limitOf(databaseLimit),
    aheadMs: Math.round((clocks[0]?.now ?? askedAt) - (askedAt + answeredAt) / 2),
  };
}

type FactsRow = Omit<DatabaseFacts, "isTooOld" | "aheadMs" | "loginConnectionsMax" | "databaseConnectionsMax"> & {
  readonly versionNumber: number;
  readonly loginLimit: number;
  readonly databaseLimit: number;
};

/** What no login needs a right for. The numbers of connections are those of the server's databases: whose they are it tells not everybody. */
const factsText = `
  select current_setting('server_version') as version,
    current_setting('server_version_num')::int as "versionNumber",
    current_user::text as login,
    current_schema()::text as schema,
    coalesce(has_schema_privilege(current_schema()::text, 'create'), false) as "mayCreate",
    count(t.oid)::int as tables,
    (count(t.oid) filter (where not pg_has_role(t.relowner, 'usage')))::int as "foreignTables",
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() as "isStandby",
    current_setting('transaction_read_only') = 'on' as "isReadOnly",
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as "fullPageWrites",
    current_setting('synchronous_commit') as "synchronousCommit",
    current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') not in ('off', 'local') as "waitsForReplica",
    (select count(*)::int from pg_stat_replication) as replicas,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int as "connectionsMax",
    ((select coalesce(sum(numbackends), 0) from pg_stat_database)
      - (select count(*) from pg_stat_activity where datname = current_database() and application_name like 'watchpost%'))::int as "othersConnected",
    (select rolconnlimit from pg_roles where rolname = current_user) as "loginLimit",
    (select datconnlimit from pg_database where datname = current_database()) as "databaseLimit"
  from (select oid from pg_namespace where nspname = current_schema()) n
    right join (select 1) one on true
    left join pg_class t on t.relnamespace = n.oid and t.relkind in ('r', 'p')`;
