/** The renewal of claims, and claims that are only for what is made. */
import assert from "node:assert/strict";
import { wholeRoom } from "../../src/core/claim-room.ts";
import { type ClaimOrder, Hand } from "../../src/core/hand.ts";
import type { EndedClaim, NewDelivery } from "../../src/store/ports/deliveries.ts";
import type { Store, Tx } from "../../src/store/store.ts";
import { channelRow } from "../support/channel-row.ts";
import { claimWith } from "../support/claims.ts";
import { newDelivery } from "../support/new-delivery.ts";
import type { StoreCase } from "./store-credentials.ts";

const order: ClaimOrder = { now: 1_000, leaseUntil: 2_000, claimToken: "a", limit: 9, room: wholeRoom };

function draft(org: number, recordId: string): NewDelivery {
  return newDelivery({ org, recordIds: [recordId] });
}

/** With one delivery that is due, of a channel that stood there before. */
async function withDelivery(store: Store, org: number, body: (tx: Tx, id: number) => Promise<void>): Promise<void> {
  await store.transaction(async (tx) => tx.channels.put(channelRow({ org, notifyUrl: "http://127.0.0.1/?a=b" })));
  await store.transaction(async (tx) => {
    await body(tx, await tx.deliveries.insert(draft(org, "9")));
  });
}

async function end(
  tx: Tx,
  claim: { readonly org: number; readonly deliveryId: number; readonly claimToken: string },
): Promise<EndedClaim | null> {
  const next = { status: "delivered", attempts: 1, dueAt: null } as const;
  const [ended = null] = await tx.deliveries.settle([{ ...claim, channelKey: 1, recordIds: '["9"]', next, attempt: null }], 1_500);
  return ended;
}

export const renewalCases: readonly StoreCase[] = [
  [
    "a claim that is renewed holds longer, and its channel's target comes along",
    async (store, org) => {
      await withDelivery(store, org, async (tx, deliveryId) => {
        await claimWith(tx, order);
        const claim = { org, deliveryId, claimToken: "a" };
        const { held, targets } = await tx.deliveries.renew({ claims: [claim], leaseUntil: 3_000, prefix: "", suffix: "" });
        assert.deepEqual(held, [true]);
        const [target] = targets;
        assert.ok(target?.isActive === true && target.notifyUrl === "http://127.0.0.1/?a=b" && target.secret === "whsec_x");
        assert.deepEqual((await claimWith(tx, { ...order, now: 2_500, leaseUntil: 9_000, claimToken: "b" })).claims, []);
        assert.ok((await end(tx, claim)) !== null, "under its own token");
      });
    },
  ],
  [
    "under a suffix only who has that settles a claim, and who comes with the token takes it over",
    async (store, org) => {
      await withDelivery(store, org, async (tx, deliveryId) => {
        await claimWith(tx, order);
        const isHeld = async (claimToken: string, suffix: string, prefix = ""): Promise<boolean> => {
          const { held } = await tx.deliveries.renew({ claims: [{ org, deliveryId, claimToken }], leaseUntil: 3_000, prefix, suffix });
          return held[0] === true;
        };
        assert.ok(await isHeld("a", "~b"));
        assert.ok(!(await isHeld("a", "")), "the token alone stands no more");
        assert.ok(await isHeld("a", "~c"));
        assert.ok(!(await isHeld("other", "~d")));
        assert.equal(await end(tx, { org, deliveryId, claimToken: "a~b" }), null);
        assert.ok(await isHeld("a", "~d", "node."));
        assert.equal(await end(tx, { org, deliveryId, claimToken: "a~c" }), null);
        assert.ok(!(await isHeld("ode.a", "~e")), "a piece of the holder's name is not it");
        assert.ok(await isHeld("a", "~e", "other."), "whoever holds it by now");
        assert.ok((await end(tx, { org, deliveryId, claimToken: "other.a~e" })) !== null);
      });
    },
  ],
  [
    "a claim that is only for what is made leaves what stood there before, and takes that too once something was freed",
    async (store, org) => {
      await withDelivery(store, org, async (tx, before) => {
        const hand = new Hand(order, { takesNew: true, isOnlyForNew: true });
        const made = await tx.deliveries.insert(draft(org, "1"), hand);
        await tx.deliveries.claim(hand);
        assert.deepEqual(
          hand.claims.map(({ deliveryId }) => deliveryId),
          [made],
        );
        const freed = new Hand({ ...order, claimToken: "b" }, { takesNew: true, isOnlyForNew: true });
        freed.noteFreed();
        await tx.deliveries.claim(freed);
        assert.deepEqual(
          freed.claims.map(({ deliveryId }) => deliveryId),
          [before],
        );
      });
    },
  ],
];
