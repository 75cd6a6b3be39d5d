import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pool, PoolClient } from "pg";
import { refuseLentSessions } from "./kept-session.ts";

type Connections = Pick<Pool, "connect">;

/** Gives the session in which a connection's statement runs. */
type Lender = (connection: "one" | "other", text: string) => number;

/** A pool for each of the two connections; `taken` counts those that were not given back. */
function poolsOver(lender: Lender): { readonly pools: readonly [Connections, Connections]; readonly taken: () => number } {
  let taken = 0;
  const poolOf = (connection: "one" | "other"): Connections => {
    const query = async (text: string): Promise<unknown> => ({ rows: [{ session: lender(connection, text) }] });
    const client: Pick<PoolClient, "release"> & { readonly query: typeof query } = { query, release: () => void (taken -= 1) };
    const connect = async (): Promise<unknown> => {
      taken += 1;
      return client;
    };
    // Of a pool and its connections no more is asked.
    return { connect } as Connections;
  };
  return { pools: [poolOf("one"), poolOf("other")], taken: () => taken };
}

/** Lends the session that was free last: the other has the one's, and the one another while that is held. */
function lastFree(): Lender {
  let isHeld = false;
  return (connection, text) => {
    if (text === "begin") isHeld = true;
    return connection === "one" && isHeld ? 2 : 1;
  };
}

/** Lends its sessions in turn. */
function inTurn(): Lender {
  let next = 0;
  return (connection) => (connection === "other" ? 9 : (next += 1) % 2);
}

/** Lends for a statement, and refuses a transaction as PgBouncer does. */
function forStatements(): Lender {
  return (_connection, text) => {
    if (text !== "begin") return 1;
    throw new Error("transaction blocks not allowed in statement pooling mode");
  };
}

test("connections with a session each are good, and are given back", async () => {
  const { pools, taken } = poolsOver((connection) => (connection === "one" ? 1 : 2));
  await refuseLentSessions(...pools);
  assert.equal(taken(), 0);
});

for (const lender of [lastFree, inTurn, forStatements]) {
  test(`sessions that are lent (${lender.name}) are refused, and the connections given back`, async () => {
    const { pools, taken } = poolsOver(lender());
    await assert.rejects(refuseLentSessions(...pools), /kept for a whole session/);
    assert.equal(taken(), 0);
  });
}

test("another fault of the server is told as it is", async () => {
  const full = new Error("too many connections");
  const { pools } = poolsOver((_connection, text) => {
    if (text === "begin") throw full;
    return 1;
  });
  await assert.rejects(refuseLentSessions(...pools), full);
});
