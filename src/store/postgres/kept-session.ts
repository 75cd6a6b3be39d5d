/**
 * Whether a connection is one session of the server for as long as it lasts, or a pooler in front lends it another one for each transaction. Statements
 * are prepared once a connection, LISTEN and what it has set are to stay: without its own session all of that fails, or worse, works now and then.
 */
import type { Pool, PoolClient } from "pg";

type Connections = Pick<Pool, "connect">;

const lentWords =
  "a pooler in front of it lends a connection for one transaction at a time, and it has to be kept for a whole session (PgBouncer: pool_mode = session)";

/**
 * Rejects with an Error for people where sessions are lent: two of one connection are not the same, or another connection has it as soon as it is
 * free, or has to be given another while that one holds it. The two pools are of one URL; each gives one connection for it.
 */
export async function refuseLentSessions(pool: Connections, other: Connections): Promise<void> {
  const one = await pool.connect();
  try {
    const free = [await sessionOf(one), await sessionOf(one)];
    const { session, result: meanwhile } = await whileHeld(other, async () => [await sessionOf(one), await sessionOf(one)]);
    const own = new Set([...free, ...meanwhile]);
    if (own.size > 1 || own.has(session)) throw new Error(lentWords);
  } finally {
    one.release();
  }
}

/** Holds a session of the pool in a transaction during the work. */
async function whileHeld<T>(pool: Connections, work: () => Promise<T>): Promise<{ readonly session: number; readonly result: T }> {
  const client = await pool.connect();
  let isUsable = false;
  try {
    // Behind what it asked when it was made: a pooler that ends it at the next word would else take the answer along that says why.
    await sessionOf(client);
    await begin(client);
    const session = await sessionOf(client);
    const result = await work();
    await client.query("rollback");
    isUsable = true;
    return { session, result };
  } finally {
    client.release(!isUsable);
  }
}

/** What PgBouncer says that lends for one statement, under a code that it has for all its complaints. */
const noTransactions = /statement pooling mode/;

async function begin(client: PoolClient): Promise<void> {
  try {
    await client.query("begin");
  } catch (error) {
    if (error instanceof Error && noTransactions.test(error.message)) throw new Error(lentWords, { cause: error });
    throw error;
  }
}

async function sessionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ readonly session: number }>("select pg_backend_pid() as session");
  return rows[0]?.session ?? 0;
}
