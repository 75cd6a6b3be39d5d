/** The use cases in this thread, over a store in memory, at instants the test chooses. */
import assert from "node:assert/strict";
import type { CommandName, Input, Output } from "../../src/app/commands.ts";
import { Executor, type Job, type Reply } from "../../src/app/executor.ts";
import { createTargetGuard } from "../../src/app/target-guard.ts";
import { type Claim, settlementOf } from "../../src/core/attempt.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import type { ClaimEnd } from "../../src/core/delivery.ts";
import type { Caller } from "../../src/core/principal.ts";
import { standardSchedule } from "../../src/core/retry.ts";
import type { Seed, SeedOrg } from "../../src/core/seed.ts";
import { attemptEntry } from "./attempt-entry.ts";
import { openTestStore } from "./test-store.ts";
import type { Store } from "../../src/store/store.ts";

export const acme: SeedOrg = {
  path: "$",
  name: "Acme",
  zgid: "554023000",
  timeZone: "Asia/Kolkata",
  currency: "USD",
  users: [{ email: "owner@acme.example", firstName: "Ada", lastName: "Owner", password: null }],
  clients: [],
  modules: [],
  records: [],
};

export type Ending = { readonly end: ClaimEnd; readonly retryAfterMs?: number | null };

export class InThread {
  readonly executor: Executor;
  now = 1_000_000;

  constructor(store: Store) {
    this.executor = new Executor({
      store,
      guard: createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] }),
      schedule: standardSchedule,
      random: { next: () => 0.5 },
    });
  }

  static async open(seed: Seed = { orgs: [acme] }, store?: Store): Promise<InThread> {
    const app = new InThread(store ?? (await openTestStore()));
    const applied = await app.run("seed.apply", { seed });
    assert.ok(applied.ok, applied.ok ? "" : applied.error);
    return app;
  }

  /** The seed's first user, of the first org. */
  get caller(): Caller {
    return { org: 1, userId: "554023000050000001" };
  }

  async run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
    // The table of commands ties the name to the input and the output.
    const [reply] = await this.#replies({ name, input } as Job);
    assert.ok(reply?.ok === true, reply?.ok === false ? reply.fault : "no reply");
    return reply.output;
  }

  /** As the engines do, it runs again what was too early. */
  async #replies(job: Job): Promise<readonly Reply[]> {
    const { replies } = await this.executor.run(this.now, [job]);
    const [reply] = replies;
    return reply?.ok === false && reply.isTooEarly === true ? this.#replies(job) : replies;
  }

  /** Subscribes a channel; `more` goes into its item. */
  async subscribe(channelId: string, events: readonly string[], more: Record<string, unknown> = {}): Promise<void> {
    const item = { channel_id: channelId, events, notify_url: "http://127.0.0.1:9/", ...more };
    const [result] = await this.run("watch.write", { caller: this.caller, version: "v6", mode: "enable", items: [item] });
    assert.ok(result?.ok === true, JSON.stringify(result));
  }

  /** Writes one record; gives its id. */
  async write(module: string, operation: "insert" | "update", item: Record<string, unknown>): Promise<string> {
    const done = await this.run("records.write", { caller: this.caller, module, operation, items: [item], idInPath: null });
    assert.ok(done.ok);
    const [result] = done.value.results;
    assert.ok(result?.ok === true, JSON.stringify(result));
    return result.value.id;
  }

  /** What is owed now, the oldest first. */
  async claims(): Promise<Output<"dispatch.claim">["claims"]> {
    return (await this.run("dispatch.claim", { limit: 100, leaseMs: 60_000, room: wholeRoom })).claims;
  }

  /** Ends the claim, as after an attempt that came to it; gives whether it still held. */
  async settle(claim: Claim, { end, retryAfterMs = null }: Ending): Promise<boolean> {
    const attempt = attemptEntry({ startedAt: this.now, outcome: end, httpStatus: null });
    const [held] = await this.run("dispatch.settle", { settlements: [settlementOf(claim, { end, attempt, retryAfterMs })] });
    return held === true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.executor.close();
  }
}
