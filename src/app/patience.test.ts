import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { limits } from "../core/limits.ts";
import { EngineFault } from "./engine.ts";
import { patiently } from "./patience.ts";

const busy = new EngineFault("at length", { retryable: true, ofStore: "another transaction holds what this one waited for" });

async function passAll(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += limits.startAgainMs) {
    await setImmediate();
    clock.advance(limits.startAgainMs);
  }
  await setImmediate();
}

test("a step that the store refuses for now is made again until it is taken", async () => {
  const clock = new ManualClock(0);
  const faults = [busy, busy];
  const step = (): Promise<string> => {
    const fault = faults.pop();
    return fault === undefined ? Promise.resolve("made") : Promise.reject(fault);
  };
  const made = patiently(step, clock);
  await passAll(clock, 2 * limits.startAgainMs);
  assert.equal(await made, "made");
});

test("a step that the store refuses for long, or for good, ends with what is wrong in words", async () => {
  const clock = new ManualClock(0);
  const refused = assert.rejects(
    patiently(() => Promise.reject(busy), clock),
    { message: "the store cannot be used: another transaction holds what this one waited for" },
  );
  await passAll(clock, limits.startPatienceMs + limits.startAgainMs);
  await refused;
  const damaged = new EngineFault("at length", { retryable: false, ofStore: "the database is damaged" });
  await assert.rejects(
    patiently(() => Promise.reject(damaged), clock),
    { message: "the store cannot be used: the database is damaged" },
  );
});

test("whatever is no fault of the store is not tried again", async () => {
  const wrong = new Error("the seed cannot be applied");
  await assert.rejects(
    patiently(() => Promise.reject(wrong), new ManualClock(0)),
    wrong,
  );
});
