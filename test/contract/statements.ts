/** What a delivery costs the database, counted by the database itself: a count is the same on every machine, so it may be held to. */
import assert from "node:assert/strict";
import type { CommandName, Engine, Input, Output } from "../../src/app/commands.ts";
import { openPostgresEngine } from "../../src/app/open-postgres-engine.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { sampleSeed } from "../../src/config/sample-org.ts";
import { systemClock } from "../../src/config/system.ts";
import type { Attempted } from "../../src/dispatch/attempt.ts";
import { type Dispatcher, createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../src/observe/events.ts";
import type { DeliveryQueue } from "../../src/queue/delivery-queue.ts";
import { query } from "../support/postgres.ts";

const targetPolicy = { allowedCidrs: ["127.0.0.0/8"] };
const random = { next: () => 0.5 };

export type Counted = { readonly calls: number; readonly what: string };

/** `edits` changes, `atOnce` at a time, from the change to the end of its deliveries, one for each of `channels` (1); `isApart`: of another engine than the one that dispatches. `url`: a database with pg_stat_statements loaded. */
export async function countStatements(
  url: string,
  load: {
    readonly edits: number;
    readonly atOnce: number;
    readonly channels?: number;
    readonly isApart?: boolean;
    readonly queueOver: (engine: Engine) => Promise<DeliveryQueue>;
  },
): Promise<Counted> {
  const { edits, atOnce, channels = 1, isApart = false } = load;
  await query(url, "create extension if not exists pg_stat_statements");
  const options = { clock: systemClock, realClock: systemClock, random, stopwatch: () => 0, targetPolicy };
  const { engine, settled } = counted(await openPostgresEngine(url, options));
  await using stack = new AsyncDisposableStack();
  const writer = isApart ? await openPostgresEngine(url, options) : engine;
  if (isApart) {
    const published = await load.queueOver(writer);
    stack.defer(async () => {
      await published.stop();
      await writer.close();
    });
  }
  const { caller, ids } = await prepare(engine, { atOnce, channels });
  const queue = await load.queueOver(engine);
  await using dispatcher = dispatcherOver(queue);
  dispatcher.start();
  const editAll = (amount: number): Promise<unknown> =>
    Promise.all(
      ids.map((id) =>
        writer.run("records.write", { caller, module: "Deals", operation: "update", items: [{ id, Amount: amount }], idInPath: null }),
      ),
    );
  // What is read once is read.
  await editAll(-1);
  await settled(atOnce * channels);
  await query(url, "select pg_stat_statements_reset()");
  for (let done = 0; done < edits; done += atOnce) {
    await editAll(done);
    await settled((atOnce + done + atOnce) * channels);
  }
  const [row] = await query(
    url,
    `select sum(calls)::int as calls, string_agg(calls || ' × ' || left(query, 100), e'\\n' order by calls desc) as what from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat_statements%'`,
  );
  await dispatcher.stop();
  await queue.stop();
  await engine.close();
  assert.ok(Number(row?.["calls"]) > 0, "the database counted nothing");
  return { calls: Number(row?.["calls"]), what: String(row?.["what"]) };
}

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

function dispatcherOver(queue: DeliveryQueue): Dispatcher {
  const parts = { queue, clock: systemClock, random, events: silentEvents, guard: createTargetGuard(targetPolicy) };
  return createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "0", attempt: delivered });
}

/** An org with as many deals as are edited at once, and channels that hear of them. */
async function prepare(
  engine: Engine,
  { atOnce, channels }: { readonly atOnce: number; readonly channels: number },
): Promise<{ readonly caller: Input<"records.write">["caller"]; readonly ids: readonly string[] }> {
  const applied = await engine.run("seed.apply", { seed: sampleSeed });
  assert.ok(applied.ok);
  const { rows: users } = await engine.run("access.users", { zgid: null, cursor: null, limit: 1 });
  const caller = { org: 1, userId: users[0]?.id ?? "", scopes: [] };
  const items = Array.from({ length: atOnce }, (_, at) => ({ Deal_Name: `Deal ${String(at)}`, Stage: "Qualification", Amount: 0 }));
  const made = await engine.run("records.write", { caller, module: "Deals", operation: "insert", items, idInPath: null });
  assert.ok(made.ok);
  const watched = Array.from({ length: channels }, (_, at) => ({
    channel_id: String(1_000 + at),
    events: ["Deals.edit"],
    notify_url: "http://127.0.0.1:9/hook",
  }));
  await engine.run("watch.write", { caller, version: "v6", mode: "enable", items: watched });
  return { caller, ids: made.value.results.map((result) => (result.ok ? result.value.id : "")) };
}
