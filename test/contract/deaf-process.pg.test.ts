/** What becomes of a connection whose other side is silent: at the server, and in the process. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Client } from "pg";
import { openPool } from "../../src/store/postgres/open.ts";
import { TcpProxy } from "../chaos/tcp-proxy.ts";
import { PostgresServer, query } from "../support/postgres.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

/**
 * 2026-11-26: a process that was stopped while a long answer was on its way to it kept what its transaction had locked until it went on, for whoever waits
 * to be read has no limit of the database's own.
 */
test("what a process has locked that stands still in the middle of an answer is free before its node is taken for dead", async () => {
  const url = await server.bareDatabase();
  await query(url, "create table held (id int primary key)");
  await query(url, "insert into held values (1)");
  const pool = openPool(url, 1);
  const deaf = await pool.connect();
  await deaf.query("begin");
  await deaf.query("select * from held for update");
  const answer = deaf.query("select repeat('x', 1000) from generate_series(1, 100000)");
  // As a process that is stopped: its system takes some of the answer, and it takes nothing.
  const { stream } = Reflect.get(deaf, "connection") as { readonly stream: { pause(): void; destroy(): void } };
  stream.pause();
  const other = new Client({ connectionString: url });
  await other.connect();
  // Longer than a node may be silent that is not taken for dead.
  await other.query("set lock_timeout = '14s'");
  assert.equal((await other.query("select * from held for update")).rowCount, 1);
  await other.end();
  stream.destroy();
  await assert.rejects(answer);
  deaf.release(true);
  await pool.end();
});

/** 2026-11-26: a node that was told to end closed all that it had and stayed, for the farewell to such a connection was never answered. */
test("a connection that a network has forgotten is closed soon after it is let go, and keeps no process alive", async () => {
  await using proxy = await TcpProxy.start(server.port);
  const through = new URL(await server.bareDatabase());
  through.port = String(proxy.port);
  const pool = openPool(through.href, 1);
  const client = await pool.connect();
  await client.query("select 1");
  const { stream } = Reflect.get(client, "connection") as unknown as { readonly stream: Socket };
  client.release();
  proxy.lose();
  const closed = once(stream, "close");
  await pool.end();
  await closed;
});
