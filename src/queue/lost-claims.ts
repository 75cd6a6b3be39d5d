/**
 * Claims whose answer was lost with its connection: the database may have made them, for a process that does not know of them, and nobody else would take
 * what they got before their leases end. So what they may have got is given back, and again for as long as their commits may land late.
 */
import type { Engine } from "../app/commands.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import { holderPrefix } from "../core/node.ts";
import type { ClaimAsk, Claimed } from "./delivery-queue.ts";

export class LostClaims {
  readonly #engine: Pick<Engine, "run">;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  /** By token, until when it is looked for. */
  readonly #lost = new Map<string, number>();
  #work: Promise<void> | null = null;
  #count = 0;

  constructor(engine: Pick<Engine, "run">, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Claims from the store. */
  async claim(ask: ClaimAsk): Promise<Claimed> {
    const holder = ask.holder ?? null;
    // Who has the store alone hears the end of each commit.
    if (holder === null) return this.#engine.run("dispatch.claim", ask);
    this.#count += 1;
    // No token begins with another one.
    const mark = `${String(this.#count)}-`;
    try {
      return await this.#engine.run("dispatch.claim", { ...ask, mark });
    } catch (error) {
      this.#lost.set(holderPrefix(holder) + mark, this.#clock.now() + limits.lostClaimMs);
      this.#work ??= this.#freeUntilOver();
      throw error;
    }
  }

  /** Looks no more: who leaves gives back all that it has. Twice is fine. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #freeUntilOver(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#lost.size > 0 && !signal.aborted) {
      const asked = this.#clock.now();
      try {
        await this.#engine.run("nodes.free", { tokens: [...this.#lost.keys()] });
        for (const [token, until] of this.#lost) if (until <= asked) this.#lost.delete(token);
      } catch {
        // Expected: the database is away still.
      }
      // Expected: the sleep is cut short at the end.
      await this.#clock.sleepUntil(this.#clock.now() + limits.lostClaimLookMs, signal).catch(() => undefined);
    }
    this.#work = null;
  }
}
