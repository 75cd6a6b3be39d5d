import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../../core/limits.ts";
import { type AskForSlot, IdSlots, type SlotGrant } from "./id-slots.ts";

/** The table, as one that is asked by several. */
function table(slots: number): { readonly ask: AskForSlot; readonly asked: SlotGrant[] } {
  const free = Array.from({ length: slots }, () => 0);
  const asked: SlotGrant[] = [];
  return {
    asked,
    ask: (from, until, had) => {
      const isOwn = had !== null && free[had.slot] === had.until;
      const slot = isOwn ? had.slot : free.findIndex((freeFrom) => freeFrom <= from);
      if (slot === -1) return Promise.resolve(null);
      free[slot] = until;
      const grant = { slot, from: isOwn ? had.from : from, until };
      asked.push(grant);
      return Promise.resolve(grant);
    },
  };
}

test("what several give in the same instants is never the same, and of each only grows", async () => {
  const { ask } = table(4);
  const processes = [new IdSlots(ask), new IdSlots(ask), new IdSlots(ask)];
  const given: number[] = [];
  for (let now = 7; now < 200_000; now += 1_777) {
    for (const ids of processes) {
      const own = [await ids.next(0, now), await ids.next(0, now), await ids.next(0, now - 5)];
      assert.deepEqual(
        own,
        own.toSorted((one, other) => one - other),
      );
      given.push(...own);
    }
  }
  assert.equal(new Set(given).size, given.length);
});

test("an id follows the org's last, whichever process gave that", async () => {
  const { ask } = table(4);
  const [one, other] = [new IdSlots(ask), new IdSlots(ask)];
  let last = 0;
  for (let turn = 0; turn < 100; turn += 1) {
    const id = await (turn % 2 === 0 ? one : other).next(last, 5);
    assert.ok((id > last && id <= last + 2 * limits.idSlots) || turn === 0);
    last = id;
  }
});

test("nothing beyond the grant is given, and one that stood still over its end takes a slot that nobody has had since", async () => {
  const { ask, asked } = table(2);
  const stood = new IdSlots(ask);
  const first = await stood.next(0, 1_000);
  const [grant] = asked;
  assert.ok(grant !== undefined && first < grant.until);
  const later = 1_000 + 2 * limits.idGrantMs;
  const next = new IdSlots(ask);
  const taken = await next.next(0, later);
  assert.equal(taken % limits.idSlots, first % limits.idSlots, "the slot is another's from there on");
  assert.notEqual((await stood.next(0, later)) % limits.idSlots, taken % limits.idSlots);
});

test("where every slot is taken nothing is given, and it may be tried again", async () => {
  const { ask } = table(1);
  await new IdSlots(ask).next(0, 1_000);
  await assert.rejects(new IdSlots(ask).next(0, 1_000), { retryable: true });
});

test("a grant is asked for again before it ends, so that nobody waits for it", async () => {
  const { ask, asked } = table(1);
  const ids = new IdSlots(ask);
  await ids.next(0, 1_000);
  await ids.next(0, 1_000 + limits.idGrantMs * 0.6);
  await Promise.resolve();
  assert.equal(asked.length, 2);
  await ids.next(0, 1_000 + limits.idGrantMs * 1.1);
  assert.equal(asked.length, 2);
});
