/** The shared store: one PostgreSQL database, used by any number of processes. */
import { Pool, type PoolClient, TypeOverrides } from "pg";
import { databasePlace } from "../../core/database-url.ts";
import { limits } from "../../core/limits.ts";
import { StoreFault } from "../store-fault.ts";
import type { Intent, Store, Tx } from "../store.ts";
import { builderOver, postgresDatabase } from "./database.ts";
import { partInTime } from "./farewell.ts";
import { asFault, unknownCommit } from "./faults.ts";
import { IdSlots } from "./id-slots.ts";
import { refuseLentSessions } from "./kept-session.ts";
import { migrate } from "./migrate.ts";
import { refuseHalfMoved } from "./moves.ts";
import { KnownTargets } from "./channel-targets.ts";
import { ClaimTurn } from "./claim-turn.ts";
import { postgresRows } from "./rows.ts";
import { Session } from "./session.ts";
import { slotAsker } from "./slot-asker.ts";

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database`; its secrets go nowhere but to the server. */
  readonly url: string;
  readonly connectionsMax?: number;
};

/**
 * Opens the store, bringing the schema up to date. Rejects with an Error whose message is for people and holds no secret: the
 * server cannot be reached, is too old, or its schema is newer than the program.
 */
export async function openPostgresStore({ url, connectionsMax = limits.databaseConnectionsMax }: PostgresOptions): Promise<Store> {
  const [pool, beside] = [openPool(url, connectionsMax), openPool(url, 1)];
  try {
    await refuseLentSessions(pool, beside);
    await migrate(pool);
    await refuseHalfMoved(pool);
  } catch (error) {
    await Promise.all([pool.end(), beside.end()]);
    const fault = asFault(error);
    const reason = fault instanceof Error ? fault.message : String(fault);
    throw new Error(`the database at ${databasePlace(url)} cannot be used: ${reason}`, { cause: error });
  }
  return storeOver(pool, beside);
}

/** `answerMs`: how long a statement may take before its connection is given up. */
export function openPool(url: string, max: number, answerMs: number = limits.statementMs + limits.databaseConnectMs): Pool {
  const types = new TypeOverrides();
  types.setTypeParser(int8, readInt8);
  const pool = new Pool({
    connectionString: url,
    max,
    types,
    application_name: "watchpost",
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: limits.databaseConnectMs,
    query_timeout: answerMs,
  });
  // A connection that is lost while nobody uses it is made anew by the next who wants one; whoever uses it hears of it from the statement.
  pool.on("error", ignored);
  pool.on("connect", (client) => {
    client.on("error", ignored);
    partInTime(client);
    // Whatever is asked goes behind it. A pooler in front lets it through, as it would not at the start of a connection.
    client.query(settingText).catch(ignored);
  });
  return pool;
}

/**
 * Each statement is written to go along an index, row by row of what it is given, and is planned once. What the planner would choose by its
 * statistics, which know little of a table that is young or emptied over and over, it does not choose here.
 */
const settings = {
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  jit: "off",
  statement_timeout: `${String(limits.statementMs)}ms`,
  lock_timeout: `${String(limits.lockWaitMs)}ms`,
  idle_in_transaction_session_timeout: `${String(limits.idleTransactionMs)}ms`,
  // A process that takes no answers any more, or is gone without a word, has its transaction ended too while the server is about to answer it.
  tcp_user_timeout: `${String(limits.databaseDeafMs)}ms`,
  tcp_keepalives_idle: String(limits.databaseDeafMs / 1_000),
  tcp_keepalives_interval: "2",
  tcp_keepalives_count: "3",
} as const;

const settingText = `select ${Object.entries(settings)
  .map(([name, value]) => `set_config('${name}', '${value}', false)`)
  .join(", ")}`;

/** The number of the type in PostgreSQL's catalog. */
const int8 = 20;

/** Ids and instants are far below what a number holds exactly. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`invariant broken: ${text} is no safe number`);
  return value;
}

function ignored(): void {
  // Nothing to do: the next statement tells.
}

type Slot = { readonly session: Session; readonly tx: Tx };

/** `beside`: for what is asked while transactions wait for its answer. */
function storeOver(pool: Pool, beside: Pool): Store {
  const builder = builderOver(pool);
  const ids = new IdSlots(slotAsker(beside));
  const memory = { turn: new ClaimTurn(), targets: new KnownTargets() };
  // Row groups that no transaction uses now.
  const free: Slot[] = [];
  const makeSlot = (): Slot => {
    const session = new Session(ids);
    return { session, tx: postgresRows(postgresDatabase(builder, session), memory) };
  };
  return {
    undo: "rerun",
    transaction: async (work, intent = "write") => {
      const client = await connect(pool);
      const slot = free.pop() ?? makeSlot();
      slot.session.take(client, beginWords[intent]);
      let isUsable = false;
      try {
        const result = await inTransaction(slot, work, intent);
        isUsable = true;
        return result;
      } catch (error) {
        isUsable = await isRolledBack(slot.session);
        throw error;
      } finally {
        slot.session.give();
        client.release(!isUsable);
        free.push(slot);
      }
    },
    close: async () => void (await Promise.all([pool.end(), beside.end()])),
  };
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw asFault(error);
  }
}

const beginWords: Readonly<Record<Intent, string>> = {
  write: "begin",
  read: "begin isolation level repeatable read read only",
};

async function inTransaction<T>({ session, tx }: Slot, work: (tx: Tx) => Promise<T>, intent: Intent): Promise<T> {
  session.orgs.intend(intent);
  const result = await work(tx);
  await session.writePending();
  // So the server answers when a statement had failed and somebody went on regardless.
  if (!(await commit(session))) throw new StoreFault("the database gave the transaction up", { retryable: true });
  return result;
}

async function commit(session: Session): Promise<boolean> {
  try {
    return await session.commit();
  } catch (error) {
    throw session.isLost ? unknownCommit(error) : error;
  }
}

/** Whether the connection can be used again. */
async function isRolledBack(session: Session): Promise<boolean> {
  if (session.isLost) return false;
  try {
    await session.rollback();
    return true;
  } catch {
    // Expected: the connection is gone, and the transaction with it.
    return false;
  }
}
