/**
 * The engine without HTTP in front: the real engine over a store and the real dispatcher, in one process. Each change is a
 * command `records.write`; so many are under way at a time, each until all its deliveries were attempted. Or the engine of a process that only
 * writes: then others dispatch, and whoever has started it tells how many of its deliveries have arrived.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../../src/app/commands.ts";
import type { CensusPlace } from "../../../src/app/commands/health.ts";
import { createTargetGuard } from "../../../src/app/target-guard.ts";
import { systemClock, systemRandom } from "../../../src/config/system.ts";
import { addCensus, emptyCensus } from "../../../src/core/census.ts";
import { type Dispatcher, createDispatcher } from "../../../src/dispatch/dispatcher.ts";
import { silentEvents } from "../../../src/observe/events.ts";
import { acme, seedOf } from "../../support/seeds.ts";
import type { DispatchLimits } from "../../../src/dispatch/dispatch-limits.ts";
import type { DeliveryQueue } from "../../../src/queue/delivery-queue.ts";
import { type StoreOrder, openStore, targetPolicy } from "../engine-store.ts";
import { type FanOut, benchOrg, insertItems, watchItems } from "../org.ts";
import { play } from "../part.ts";

/** `api`: it writes, and others dispatch. */
export type EngineRole = "all" | "api";

type Opened = {
  readonly engine: Engine;
  /** null: others dispatch. */
  readonly dispatcher: Dispatcher | null;
  readonly recordIds: ReadonlyMap<string, readonly string[]>;
};

type Run = {
  readonly fanOut: FanOut;
  readonly recordsPerWrite: number;
  readonly forMs: number;
  readonly underWay: number;
  /** Writes that are begun a second at most; absent: as many as may be under way. */
  readonly perSecond?: number;
};

let opened: Opened | null = null;
let attempted = 0;
let onAttempted = (): void => undefined;
let edit = 0;

async function open(order: {
  readonly store: StoreOrder;
  readonly receiver: string;
  readonly fanOuts: readonly FanOut[];
  readonly records: number;
  readonly role: EngineRole;
}) {
  const { engine, queue, limits } = await openStore(order.store);
  const applied = await engine.run("seed.apply", { seed: seedOf(acme) });
  assert.ok(applied.ok);
  const recordIds = new Map<string, readonly string[]>();
  for (const { module, channels } of order.fanOuts) {
    const ids: string[] = [];
    for (const items of insertItems(module, order.records)) ids.push(...(await write(engine, { module, operation: "insert", items })));
    recordIds.set(module, ids);
    for (const items of watchItems({ module, channels, notifyUrl: `${order.receiver}/` })) {
      const done = await engine.run("watch.write", { caller: benchOrg, version: "v6", mode: "enable", items });
      assert.ok(
        done.every((item) => item.ok),
        JSON.stringify(done),
      );
    }
  }
  opened = { engine, dispatcher: order.role === "all" ? startDispatcher(queue, limits) : null, recordIds };
}

function startDispatcher(queue: DeliveryQueue, limits: Partial<DispatchLimits>): Dispatcher {
  const events = { ...silentEvents, deliveryAttempted: () => noteAttempted(attempted + 1) };
  const guard = createTargetGuard(targetPolicy);
  const parts = { queue, limits, clock: systemClock, random: systemRandom, events, guard };
  const dispatcher = createDispatcher({ ...parts, baseUrl: "http://crm.example", version: "0" });
  dispatcher.start();
  return dispatcher;
}

function noteAttempted(count: number): void {
  attempted = count;
  onAttempted();
}

async function write(
  engine: Engine,
  order: { readonly module: string; readonly operation: "insert" | "update"; readonly items: readonly unknown[] },
): Promise<readonly string[]> {
  const done = await engine.run("records.write", { caller: benchOrg, idInPath: null, ...order });
  assert.ok(done.ok, JSON.stringify(done));
  return done.value.results.map((result) => {
    assert.ok(result.ok, JSON.stringify(result));
    return result.value.id;
  });
}

/** Edits until the time is over, never with more than `underWay` writes whose deliveries were not attempted. Gives the number of writes. */
async function editFor({ fanOut, recordsPerWrite, forMs, underWay, perSecond }: Run): Promise<number> {
  const { engine, recordIds } = opened ?? assert.fail("open comes first");
  const ids = recordIds.get(fanOut.module) ?? [];
  const deliveriesMax = underWay * fanOut.channels;
  const startedMs = performance.now();
  const endAtMs = startedMs + forMs;
  let writes = 0;
  attempted = 0;
  const isNextDue = (): boolean => perSecond === undefined || writes < ((performance.now() - startedMs) * perSecond) / 1_000;
  using ticking = new DisposableStack();
  await new Promise<void>((resolve, reject) => {
    const more = (): void => {
      while (performance.now() < endAtMs && isNextDue() && writes * fanOut.channels - attempted < deliveriesMax) {
        writes += 1;
        const items = Array.from({ length: recordsPerWrite }, () => {
          edit += 1;
          return { id: ids[edit % ids.length], Description: `edit ${edit}` };
        });
        write(engine, { module: fanOut.module, operation: "update", items }).catch(reject);
      }
      if (performance.now() >= endAtMs && attempted >= writes * fanOut.channels) resolve();
    };
    onAttempted = more;
    if (perSecond !== undefined) {
      const ticker = setInterval(more, 1);
      ticking.defer(() => clearInterval(ticker));
    }
    more();
  });
  onAttempted = () => undefined;
  return writes;
}

/** Waits until the store owes nothing; gives how many are dead. */
async function settle(): Promise<number> {
  const { engine, dispatcher } = opened ?? assert.fail("open comes first");
  for (;;) {
    await dispatcher?.quiet.idle();
    const { waiting, pending, claimed, dead } = await countBacklog(engine);
    if (waiting + pending + claimed === 0) return dead;
    await sleep(1);
  }
}

async function countBacklog(engine: Engine) {
  let sum = emptyCensus;
  for (let after: CensusPlace | null = null; ;) {
    const step: { counted: typeof sum; next: CensusPlace | null } = await engine.run("health.count", { after });
    sum = addCensus(sum, step.counted);
    if (step.next === null) return sum.backlog;
    after = step.next;
  }
}

export type EngineActs = typeof acts;
const acts = play({
  open,
  /** Edits for so long, until all that they owe has arrived. Gives the number of writes. */
  edit: editFor,
  /** So many of the deliveries of the edits under way have arrived. */
  arrived: noteAttempted,
  /** Edits for so long, then waits until all is settled. `tookMs`: from the first write to the last settlement. */
  run: async (run: Run) => {
    const startedMs = performance.now();
    const writes = await editFor(run);
    const dead = await settle();
    const tookMs = performance.now() - startedMs;
    const owed = writes * run.fanOut.channels;
    return { writes, owed, settled: owed - dead, tookMs };
  },
});
