/** What every store must do to count what waits and who listens: a part of the contract in `store.ts`. */
import assert from "node:assert/strict";
import type { CensusMark } from "../../src/store/ports/census.ts";
import type { NewDelivery } from "../../src/store/ports/deliveries.ts";
import type { ChannelRow } from "../../src/store/ports/channels.ts";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { newHealth } from "../../src/core/channel.ts";
import type { Tx } from "../../src/store/store.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { newDelivery } from "../support/new-delivery.ts";
import type { StoreCase } from "./store-credentials.ts";

function delivery(org: number, recordId: string, committedAt: number): NewDelivery {
  return newDelivery({ org, channelId: "1", recordIds: [recordId], committedAt });
}

function channel(org: number, key: number, expiresAt: number): ChannelRow {
  return channelRow({ org, key, channelId: String(key), expiresAt });
}

/** All steps of a count. */
async function stepsOf<T extends { readonly next: CensusMark | null }>(
  step: (after: CensusMark | null) => Promise<T>,
): Promise<readonly T[]> {
  const steps: T[] = [];
  for (let after: CensusMark | null = null; ;) {
    const done: T = await step(after);
    steps.push(done);
    after = done.next;
    if (after === null) return steps;
  }
}

function countOpen(tx: Tx, limit: number) {
  return stepsOf(async (after) => tx.census.countOpen({ after, limit, now: 5_000, leaseUntil: 65_000 }));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

export const censusCases: readonly StoreCase[] = [
  [
    "open deliveries are counted in steps of any size, each once, and those that a claim holds apart",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1, 1_000_000));
        for (const [index, at] of [1_000, 1_100, 1_200, 1_300, 1_400].entries()) {
          await tx.deliveries.insert(delivery(org, `10${index}`, at));
        }
        await tx.deliveries.insert(delivery(org, "100", 1_500));
        await claimWith(tx, { now: 5_000, leaseUntil: 65_000, claimToken: "c", limit: 2, room: wholeRoom });
        for (const limit of [1, 2, 3, 5, 100]) {
          const steps = await countOpen(tx, limit);
          assert.equal(sumOf(steps.map(({ open }) => open)), 5, `in steps of ${limit}`);
          assert.equal(sumOf(steps.map(({ claimed }) => claimed)), 2);
          assert.equal(Math.min(...steps.map(({ oldestAt }) => oldestAt ?? Infinity)), 1_000);
          for (const status of ["waiting", "dead"] as const) {
            const aside = await stepsOf(async (after) => tx.census.countAside(status, { after, limit }));
            assert.equal(sumOf(aside.map(({ count }) => count)), status === "waiting" ? 1 : 0);
          }
        }
      });
    },
  ],
  [
    "a delivery that was settled is counted no more, and one that was given up as dead with its age",
    async (store, org) => {
      await store.transaction(async (tx) => {
        await tx.channels.put(channel(org, 1, 1_000_000));
        for (const recordId of ["100", "101"]) await tx.deliveries.insert(delivery(org, recordId, 1_000));
        const { claims } = await claimWith(tx, { now: 5_000, leaseUntil: 65_000, claimToken: "c", limit: 2, room: wholeRoom });
        const ending = claims.map((claim, index) => ({
          ...claim,
          next: { status: index === 0 ? "delivered" : "dead", attempts: 1, dueAt: null } as const,
          attempt: null,
        }));
        assert.ok((await tx.deliveries.settle(ending, 5_000)).every((ended) => ended !== null));
        assert.deepEqual(await countOpen(tx, 10), [{ open: 0, claimed: 0, oldestAt: null, next: null }]);
        assert.deepEqual(await tx.census.countAside("dead", { after: null, limit: 10 }), { count: 1, oldestAt: 1_000, next: null });
      });
    },
  ],
  [
    "channels are counted by state and by how soon they expire, at the instant of the expiry as expired",
    async (store, org) => {
      await store.transaction(async (tx) => {
        const now = 10_000;
        const minute = 60_000;
        const expiries = [now - 1, now, now + 1, now + 5 * minute, now + 59 * minute, now + 8 * 24 * 60 * minute];
        for (const [index, expiresAt] of expiries.entries()) await tx.channels.put(channel(org, index + 1, expiresAt));
        await tx.channels.setHealth(org, 1, { ...newHealth(0), state: "paused" });
        for (const limit of [1, 2, 4, 100]) {
          const steps = await stepsOf(async (after) => tx.census.countChannels({ after, limit, now }));
          const counts = (state: string) =>
            [0, 1, 2, 3, 4, 5].map((span) =>
              sumOf(steps.flatMap(({ rows }) => rows.filter((row) => row.state === state && row.span === span).map(({ count }) => count))),
            );
          assert.deepEqual(counts("active"), [1, 1, 2, 0, 0, 1], `in steps of ${limit}`);
          assert.deepEqual(counts("paused"), [1, 0, 0, 0, 0, 0]);
        }
      });
    },
  ],
];
