/** The engine without HTTP in front, as a contender. */
import { perSecond } from "./ceilings.ts";
import type { StoreOrder } from "./engine-store.ts";
import { type FanOut, fanOutsOf } from "./org.ts";
import { Part } from "./part.ts";
import type { EngineActs } from "./parts/engine.ts";
import type { Contender, Session } from "./session.ts";
import { TemporaryFolder } from "../support/process.ts";

/** A bulk write takes the place of so many single ones among those under way. */
const bulkWeight = 32;

type Opening = {
  /** A fan-out each. */
  readonly channels: readonly number[];
  /** Absent: a new file in a folder. */
  readonly store?: StoreOrder;
};

export class EngineRun {
  readonly #session: Session;
  readonly #engine: Part<EngineActs>;

  private constructor(session: Session, engine: Part<EngineActs>) {
    this.#session = session;
    this.#engine = engine;
  }

  /** The engine in a process of its own over a new store, with channels and records for each fan-out. */
  static async open(session: Session, stack: AsyncDisposableStack, { channels, store }: Opening): Promise<EngineRun> {
    const order = store ?? { kind: "embedded", folder: stack.use(new TemporaryFolder()).path };
    const engine = stack.use(new Part<EngineActs>("./parts/engine.ts"));
    const { receiverUrl: receiver, scale } = session;
    await engine.ask("open", { store: order, receiver, fanOuts: fanOutsOf(channels), records: scale.records, role: "all" });
    return new EngineRun(session, engine);
  }

  /** The engine's process. */
  get pid(): number {
    return this.#engine.pid;
  }

  /** Its value is deliveries a second with one record in a write, and records a second with many. */
  contender(name: string, fanOut: FanOut, recordsPerWrite: number): Contender {
    return {
      name,
      run: async (forMs) => {
        const underWay = Math.max(1, Math.ceil(this.#session.scale.changesUnderWay / (recordsPerWrite === 1 ? 1 : bulkWeight)));
        const before = await this.#session.received();
        const { writes, owed, settled, tookMs } = await this.#engine.ask("run", { fanOut, recordsPerWrite, forMs, underWay });
        this.#session.noteDeliveries({ owed, settled, received: (await this.#session.received()) - before });
        return perSecond(recordsPerWrite === 1 ? owed : writes * recordsPerWrite, tookMs);
      },
    };
  }
}
