import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Circuit, type CircuitEvent, type CircuitState, afterEvent, circuitStates, isReady, newCircuit } from "./circuit.ts";

const rules = { failuresMax: 3, cooldownMs: 1_000, cooldownMsMax: 5_000, jitter: 0.2, restMsMax: 60_000 };
const middling = { next: () => 0.5 };
const now = 1_000_000;

const begun: CircuitEvent = { kind: "begun" };
const succeeded: CircuitEvent = { kind: "succeeded" };
const abandoned: CircuitEvent = { kind: "abandoned" };
const failed = (startedAt = now, askedMs: number | null = null): CircuitEvent => ({ kind: "failed", startedAt, askedMs });

function after(circuit: Circuit, events: readonly CircuitEvent[], at = now): Circuit {
  return events.reduce((before, event) => afterEvent(before, event, { now: at, random: middling, rules }), circuit);
}

const open = after(newCircuit, [failed(), failed(), failed()]);
const halfOpen = after(open, [begun], now + 1_000);
const circuits: Readonly<Record<CircuitState, Circuit>> = { closed: newCircuit, open, "half-open": halfOpen };

test("every state under every event", () => {
  const expected: Readonly<Record<CircuitState, Readonly<Record<CircuitEvent["kind"], CircuitState>>>> = {
    closed: { begun: "closed", succeeded: "closed", failed: "closed", abandoned: "closed" },
    open: { begun: "half-open", succeeded: "open", failed: "open", abandoned: "open" },
    "half-open": { begun: "half-open", succeeded: "closed", failed: "open", abandoned: "open" },
  };
  const everyEvent: readonly CircuitEvent[] = [begun, succeeded, failed(now + 1_000), abandoned];
  for (const state of circuitStates) {
    for (const event of everyEvent) {
      const became: CircuitState = after(circuits[state], [event], now + 1_000).state;
      assert.equal(became, expected[state][event.kind], `${state} under ${event.kind}`);
    }
  }
});

test("it opens after so many failures in a row; a success in between begins the row anew", () => {
  assert.equal(after(newCircuit, [failed(), failed()]).state, "closed");
  assert.equal(after(newCircuit, [failed(), failed(), succeeded, failed(), failed()]).state, "closed");
  assert.partialDeepStrictEqual(open, { state: "open", failures: 3, until: now + 1_000, cooldownMs: 1_000 });
});

test("failures of attempts that began before the last success are none of a row", () => {
  const answered = after(newCircuit, [succeeded]);
  const bunch = [failed(now - 15_000), failed(now - 15_000), failed(now - 15_000)];
  assert.partialDeepStrictEqual(after(answered, bunch, now + 1), { state: "closed", failures: 0 });
  assert.equal(after(answered, [failed(now + 1), failed(now + 1), failed(now + 1)], now + 2).state, "open");
  assert.equal(after(answered, bunch, now - 1).state, "open", "unless the clock was set back, for then the success lies ahead");
});

test("each probe that fails doubles the cool-down, up to its bound; one that is given back does not", () => {
  const waits: number[] = [];
  let circuit = open;
  for (let at = now, times = 0; times < 5; times += 1) {
    waits.push((circuit.until ?? 0) - at);
    at = circuit.until ?? 0;
    circuit = after(circuit, [begun, failed(at)], at);
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 5_000, 5_000]);
  assert.equal(after(halfOpen, [abandoned], now + 2_000).until, now + 3_000);
});

test("a success after the probe forgets the cool-downs", () => {
  const closed = after(halfOpen, [succeeded]);
  assert.deepEqual(closed, { ...newCircuit, succeededAt: now });
  assert.equal(after(closed, [failed(), failed(), failed()]).until, now + 1_000);
});

test("the probe is let through when the cool-down has passed, and only then; or when the clock was set back", () => {
  assert.equal(isReady(open, now + 999), false);
  assert.equal(isReady(open, now + 1_000), true);
  assert.equal(isReady(open, now - 1), true);
  assert.equal(isReady(halfOpen, now + 9_000), false);
  assert.equal(isReady(newCircuit, now), false);
});

test("a target that asks for time gets it at the first answer, longer where it failed often, but not for ever", () => {
  assert.partialDeepStrictEqual(after(newCircuit, [failed(now, 30_000)]), { state: "open", until: now + 30_000 });
  assert.equal(after(newCircuit, [failed(now, 0)]).state, "closed");
  assert.equal(after(newCircuit, [failed(now, 99_999_999)]).until, now + 60_000);
  assert.equal(after(open, [failed(now, 30_000)]).until, now + 30_000);
  assert.equal(after(open, [failed(now, 10)]).until, now + 1_000);
  assert.equal(after(halfOpen, [failed(now, 10)]).until, now + 2_000);
});

test("whatever happens, an open circuit opens again within its bounds, and no other has an instant", () => {
  const event = fc.oneof(
    fc.constantFrom(begun, succeeded, abandoned),
    fc.record({
      kind: fc.constant("failed" as const),
      startedAt: fc.integer({ min: now - 20, max: now + 20 }),
      askedMs: fc.option(fc.nat(99_999)),
    }),
  );
  fc.assert(
    fc.property(fc.array(event), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (events, chance) => {
      let circuit = newCircuit;
      for (const one of events) circuit = afterEvent(circuit, one, { now, random: { next: () => chance }, rules });
      if (circuit.state !== "open") return circuit.until === null && circuit.openedAt === null;
      // A probe that was given back waits as long as before: not at all, where the target had only asked for time.
      return circuit.until !== null && circuit.until >= now && circuit.until <= now + rules.restMsMax;
    }),
  );
});
