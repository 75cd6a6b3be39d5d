/** Thirty worlds, each lived through twice: every promise of docs/delivery.md holds, and one seed gives one trace. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tableKeys } from "../../tools/laws.ts";
import { readSource } from "../../tools/repository.ts";
import { faultNames } from "./faults.ts";
import { invariantNumbers } from "./invariant-broken.ts";
import { simulate } from "./world.ts";

const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
const hours = 0.6;

for (const seed of seeds) {
  test(`with seed ${seed} every promise is kept, and a second run leaves the same trace`, { timeout: 30_000 }, async () => {
    const first = await simulate({ seed, hours, faults: faultNames });
    assert.equal(first.failure, null, `${first.last.join("\n")}\n${first.failure?.stack ?? ""}\nseed ${seed}`);
    const second = await simulate({ seed, hours, faults: faultNames });
    assert.equal(second.trace, first.trace);
    assert.ok((first.counts["posts"] ?? 0) > 0, "nothing was sent");
  });
}

test("another seed leaves another trace", async () => {
  const [one, other] = [await simulate({ seed: 31, hours: 0.1, faults: [] }), await simulate({ seed: 32, hours: 0.1, faults: [] })];
  assert.notEqual(one.trace, other.trace);
});

test("docs/delivery.md has the invariants and the faults that the simulation has, and no others", () => {
  const page = readSource("docs/delivery.md");
  assert.deepEqual(tableKeys(page, "Invariants"), [...invariantNumbers]);
  assert.deepEqual(tableKeys(page, "The simulation"), [...faultNames]);
});
