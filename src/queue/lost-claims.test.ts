import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { settled } from "../../test/support/queue-world.ts";
import type { CommandName, Engine, Input, Output } from "../app/commands.ts";
import { wholeRoom } from "../core/claim-room.ts";
import { limits } from "../core/limits.ts";
import { LostClaims } from "./lost-claims.ts";

/** Whose answers are lost for as long as it is away. */
class LossyEngine implements Pick<Engine, "run"> {
  isAway = false;
  readonly marks: (string | undefined)[] = [];
  readonly freed: (readonly string[])[] = [];

  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  run(name: CommandName, input: unknown): Promise<unknown> {
    if (name === "dispatch.claim") this.marks.push((input as Input<"dispatch.claim">).mark);
    if (this.isAway) return Promise.reject(new Error("the database was lost during a commit, which may have been kept"));
    if (name === "dispatch.claim") return Promise.resolve({ claims: [], passedOver: [], nextDueAt: null });
    this.freed.push((input as Input<"nodes.free">).tokens);
    return Promise.resolve({ freed: 0 });
  }
}

const ask = { limit: 1, leaseMs: 60_000, room: wholeRoom, holder: "node" } as const;

/** 2026-11-26: what such a claim had got stood still for the minute of its lease, for the process that held it did not know, and lived. */
test("what a claim may have got whose answer was lost is given back for as long as its commit may land", async () => {
  const clock = new ManualClock(0);
  const engine = new LossyEngine();
  const claims = new LostClaims(engine, clock);
  await claims.claim(ask);
  engine.isAway = true;
  await assert.rejects(claims.claim(ask));
  await assert.rejects(claims.claim(ask));
  engine.isAway = false;
  await claims.claim(ask);
  for (let passed = 0; passed < 2 * limits.lostClaimMs; passed += limits.lostClaimLookMs) {
    await settled();
    clock.advance(limits.lostClaimLookMs);
  }
  await settled();
  assert.deepEqual(engine.marks, ["1-", "2-", "3-", "4-"], "each has another");
  assert.ok(engine.freed.length * limits.lostClaimLookMs >= limits.lostClaimMs - limits.lostClaimLookMs);
  assert.ok((engine.freed.length - 1) * limits.lostClaimLookMs <= limits.lostClaimMs + limits.lostClaimLookMs, "and no longer");
  for (const tokens of engine.freed) assert.deepEqual(tokens, ["node.2-", "node.3-"]);
  await claims.stop();
});

test("who has the store alone loses no answer, and gives nothing back", async () => {
  const engine = new LossyEngine();
  const claims = new LostClaims(engine, new ManualClock(0));
  engine.isAway = true;
  await assert.rejects(claims.claim({ ...ask, holder: null }));
  engine.isAway = false;
  await settled();
  assert.deepEqual([engine.marks, engine.freed], [[undefined], []]);
});
