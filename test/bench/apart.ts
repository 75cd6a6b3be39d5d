/**
 * Processes apart over the servers that they share: one that writes, and some that dispatch, as people run them (`serve --role dispatch`). The one that writes
 * is the engine without HTTP in front, so that what is measured is the way of a delivery.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { query } from "../support/postgres.ts";
import { WatchpostProcess } from "../support/process.ts";
import { perSecond } from "./ceilings.ts";
import type { NatsOrder } from "./engine-store.ts";
import { type FanOut, fanOutsOf } from "./org.ts";
import { Part } from "./part.ts";
import type { EngineActs } from "./parts/engine.ts";
import type { Session } from "./session.ts";
import { type Costs, type Servers, beside, costsBetween, natsOf, readTotals } from "./shared-store.ts";

export type ApartRun = { readonly perSecond: number; readonly costs: Costs };

type Opening = { readonly servers: Servers; readonly dispatchers: number; readonly channels: readonly number[] };

/** Processes that only dispatch, over these servers, once each is ready. */
export async function startDispatchers(
  stack: AsyncDisposableStack,
  { url, nats, count }: { readonly url: string; readonly nats: NatsOrder | null; readonly count: number },
): Promise<readonly WatchpostProcess[]> {
  const words = ["serve", "--role", "dispatch", "--allow-target", "127.0.0.0/8", "--log-level", "error", "--port", "0", "--json"];
  const broker = nats === null ? {} : { WATCHPOST_NATS_URL: nats.url, WATCHPOST_NATS_REPLICAS: String(nats.replicas) };
  const environment = { WATCHPOST_DATABASE_URL: url, ...broker };
  const nodes = Array.from({ length: count }, () => stack.use(new WatchpostProcess(words, { environment })));
  // Its first line says that one is ready.
  for (const node of nodes) await node.firstLine();
  return nodes;
}

export class Apart {
  readonly #session: Session;
  readonly #servers: Servers;
  readonly #writer: Part<EngineActs>;
  readonly #pids: readonly number[];

  private constructor(
    session: Session,
    parts: { readonly servers: Servers; readonly writer: Part<EngineActs>; readonly dispatchers: readonly WatchpostProcess[] },
  ) {
    this.#session = session;
    this.#servers = parts.servers;
    this.#writer = parts.writer;
    this.#pids = [parts.writer.pid, ...parts.dispatchers.map(({ pid }) => pid)];
  }

  static async open(session: Session, stack: AsyncDisposableStack, { servers, dispatchers: count, channels }: Opening): Promise<Apart> {
    const { url } = servers;
    const nats = natsOf(servers);
    const writer = stack.use(new Part<EngineActs>("./parts/engine.ts"));
    const { receiverUrl: receiver, scale } = session;
    const store = { kind: "shared", url, nats } as const;
    await writer.ask("open", { store, receiver, fanOuts: fanOutsOf(channels), records: scale.records, role: "api" });
    return new Apart(session, { servers, writer, dispatchers: await startDispatchers(stack, { url, nats, count }) });
  }

  /** Edits for so long, as many as may be under way or so many a second, until all that they owe is settled. */
  async run(fanOut: FanOut, forMs: number, editsPerSecond: number | null): Promise<ApartRun> {
    const { changesUnderWay: underWay } = this.#session.scale;
    const [before, totals] = [await this.#session.received(), await this.#read()];
    const startedMs = performance.now();
    const rate = editsPerSecond === null ? {} : { perSecond: editsPerSecond };
    const writes = await this.#untilArrived(this.#writer.ask("edit", { fanOut, recordsPerWrite: 1, forMs, underWay, ...rate }), before);
    while (await this.#isAnyOpen()) await sleep(2);
    const tookMs = performance.now() - startedMs;
    const owed = writes * fanOut.channels;
    const costs = costsBetween(totals, await this.#read(), owed);
    const [row] = await query(this.#servers.url, `select count(*) as dead from deliveries where status = 'dead' ${beside}`);
    assert.equal(Number(row?.["dead"]), 0);
    this.#session.noteDeliveries({ owed, received: (await this.#session.received()) - before, settled: owed });
    return { perSecond: perSecond(owed, tookMs), costs };
  }

  /** Tells the process that writes what has arrived, for it does not know by itself. */
  async #untilArrived(editing: Promise<number>, before: number): Promise<number> {
    let isOver = false;
    const ended = editing.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await this.#writer.ask("arrived", (await this.#session.received()) - before);
      await sleep(2);
    }
    return ended;
  }

  /** What waits for another is due when that one is settled. */
  async #isAnyOpen(): Promise<boolean> {
    return (await query(this.#servers.url, `select 1 from deliveries where due_at is not null limit 1 ${beside}`)).length > 0;
  }

  #read(): ReturnType<typeof readTotals> {
    return readTotals(this.#servers, this.#pids);
  }
}
