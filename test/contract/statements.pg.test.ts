/** What a delivery costs the database, counted by the database itself: a count is the same on every machine, so it may be held to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { sampleSeed } from "../../src/config/sample-org.ts";
import { systemClock } from "../../src/config/system.ts";
import type { Attempted } from "../../src/dispatch/attempt.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../src/observe/events.ts";
import { PostgresServer, query } from "../support/postgres.ts";

const server = await PostgresServer.start(["shared_preload_libraries=pg_stat_statements"]);
test.after(() => server[Symbol.asyncDispose]());

const targetPolicy = { allowedCidrs: ["127.0.0.0/8"] };
const random = { next: () => 0.5 };
const edits = 200;
const atOnce = 50;

/** The engine, with a count of what was settled. */
function counted(engine: Engine): { readonly engine: Engine; readonly settled: (count: number) => Promise<void> } {
  let settled = 0;
  let look = (): void => undefined;
  const run = async <N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> => {
    const output = await engine.run(name, input);
    if (name === "dispatch.settle" && Array.isArray(output)) settled += output.filter((isHeld) => isHeld === true).length;
    look();
    return output;
  };
  return {
    engine: {
      run,
      onHint: (...heard) => engine.onHint(...heard),
      onGathering: (listener) => engine.onGathering(listener),
      close: () => engine.close(),
    },
    settled: (count) =>
      new Promise((resolve) => {
        look = () => (settled >= count ? resolve() : undefined);
        look();
      }),
  };
}

function delivered(): Promise<Attempted> {
  const answer = { httpStatus: 200, error: null, responseBody: null, responseHeaders: "{}" };
  return Promise.resolve({ entry: { startedAt: systemClock.now(), durationMs: 0, outcome: "delivered", ...answer }, retryAfterMs: null });
}

function dispatcherOver(engine: Engine): Dispatcher {
  const parts = { engine, clock: systemClock, random, events: silentEvents, guard: createTargetGuard(targetPolicy) };
  return createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "0", attempt: delivered });
}

/** An org with as many deals as are edited at once, and a channel that hears of them. */
async function prepare(engine: Engine): Promise<{ readonly caller: Input<"records.write">["caller"]; readonly ids: readonly string[] }> {
  const applied = await engine.run("seed.apply", { seed: sampleSeed });
  assert.ok(applied.ok);
  const { rows: users } = await engine.run("access.users", { zgid: null, cursor: null, limit: 1 });
  const caller = { org: 1, userId: users[0]?.id ?? "", scopes: [] };
  const items = Array.from({ length: atOnce }, (_, at) => ({ Deal_Name: `Deal ${String(at)}`, Stage: "Qualification", Amount: 0 }));
  const made = await engine.run("records.write", { caller, module: "Deals", operation: "insert", items, idInPath: null });
  assert.ok(made.ok);
  const channel = { channel_id: "1000", events: ["Deals.edit"], notify_url: "http://127.0.0.1:9/hook" };
  await engine.run("watch.write", { caller, version: "v6", mode: "enable", items: [channel] });
  return { caller, ids: made.value.results.map((result) => (result.ok ? result.value.id : "")) };
}

test(`${String(edits)} edits, ${String(atOnce)} at a time, cost less than 0.6 statements each, from the change to the end of its delivery`, async () => {
  const url = await server.database();
  await query(url, "create extension pg_stat_statements");
  const options = { clock: systemClock, realClock: systemClock, random, stopwatch: () => 0, targetPolicy };
  const { engine, settled } = counted(await openPostgresEngine(url, options));
  const { caller, ids } = await prepare(engine);
  await using dispatcher = dispatcherOver(engine);
  dispatcher.start();
  await query(url, "select pg_stat_statements_reset()");
  for (let done = 0; done < edits; done += atOnce) {
    const written = ids.map((id) =>
      engine.run("records.write", { caller, module: "Deals", operation: "update", items: [{ id, Amount: done + 1 }], idInPath: null }),
    );
    await Promise.all(written);
    await settled(done + atOnce);
  }
  const [row] = await query(
    url,
    `select sum(calls)::int as calls, string_agg(calls || ' × ' || left(query, 100), e'\\n' order by calls desc) as what from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat_statements%'`,
  );
  await dispatcher.stop();
  await engine.close();
  assert.ok(Number(row?.["calls"]) > 0, "the database counted nothing");
  assert.ok(Number(row?.["calls"]) < edits * 0.6, `${String(row?.["calls"])} statements:\n${String(row?.["what"])}`);
});
