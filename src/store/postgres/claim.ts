/**
 * Hands out what is due, in fair turns: orgs one after another, within an org its lanes, from each lane as much as may run at once and as
 * its org and its origin have room for. Several processes claim at once: each takes the lanes that no other has, and waits for none.
 *
 * A statement looks at many lanes in the order of their turns and gives what is due in them; here it is decided what of it has room; a second
 * one claims that and says when the lanes are looked at next. What was looked at beyond the room was locked for a moment, and no more.
 */
import { limits } from "../../core/limits.ts";
import type { PassedOver } from "../../core/claim-room.ts";
import type { Hand } from "../../core/hand.ts";
import type { OrgKey } from "../../core/org.ts";
import { originOf } from "../../core/origin.ts";
import type { DeliveryRows } from "../ports/deliveries.ts";
import { type DueRow, claimOf } from "../sql/delivery-row.ts";
import { type DueLane, type LaneRow, claimStatements, lanesOf } from "./claim-statements.ts";
import type { ClaimTurn } from "./claim-turn.ts";
import type { PostgresDatabase } from "./database.ts";
import { aimOf } from "./target-row.ts";
import type { Unwritten } from "./unwritten.ts";

/** One claim under way. */
type Taking = {
  readonly hand: Hand;
  /** The channels that are not looked at, or not again. */
  readonly skipped: Set<number>;
  readonly passedOver: PassedOver[];
  firstServed: OrgKey | null;
};

/** What was decided of a lane: what is claimed of it, and when it is looked at again at the latest; null: when what is left in it is due. */
type LaneTaken = { readonly lane: DueLane; readonly rows: readonly DueRow[]; readonly lookAt: number | null; readonly isHeld: boolean };

export function postgresClaim(
  db: PostgresDatabase,
  turn: ClaimTurn,
  unwritten: Unwritten,
): Pick<DeliveryRows, "claim" | "nextDueAt" | "releaseAll"> {
  const statements = claimStatements(db);

  /** Decides over the lanes in their turn, and writes it down; gives back whether there may be more. */
  async function takeRound(taking: Taking): Promise<boolean> {
    const { hand } = taking;
    const { order } = hand;
    const looked = await look(taking);
    const { found, isMore } = lanesOf(looked, hand.left);
    const taken: LaneTaken[] = [];
    for (const lane of found) {
      if (hand.left <= 0 || taking.passedOver.length >= limits.lanesPassedOverMax) break;
      turn.lastOrg = lane.org;
      if (hand.room.ofOrg(lane.org) <= 0) continue;
      taken.push(takeFromLane(lane, taking));
    }
    if (taken.length > 0) statements.hold(order, taken);
    return isMore && taken.length > 0;
  }

  function look({ hand, skipped }: Taking): Promise<readonly LaneRow[]> {
    const { order, room, left } = hand;
    const { perOrg, perChannel } = order.room;
    return statements.look({
      now: order.now,
      afterOrg: turn.lastOrg,
      skipped: [...skipped],
      perOrg,
      orgs: order.room.orgs.map(([org]) => [org, Math.max(0, room.ofOrg(org))]),
      perChannel,
      channels: order.room.channels.map(([channelKey]) => [channelKey, Math.max(0, room.ofChannel(channelKey))]),
      left,
    });
  }

  return {
    claim: async (hand) => {
      await unwritten.write(hand);
      if (hand.isOnlyForMade) {
        if (unwritten.isAnyLeft) hand.noteLeft();
        return [];
      }
      // What was made for it and not taken had no room, and would have none now.
      if (hand.isOfMadeAlone && !unwritten.isAnyToLookFor) {
        if (unwritten.isAnyLeft) hand.noteLeft();
        else hand.noteAllTaken();
        return [];
      }
      const skipped = new Set(hand.order.room.skipped.flatMap(([, channelKeys]) => channelKeys));
      const taking: Taking = { hand, skipped, passedOver: [], firstServed: null };
      for (let isMore = hand.left > 0; isMore;) {
        const isRoundMore = await takeRound(taking);
        isMore = isRoundMore && hand.left > 0 && taking.passedOver.length < limits.lanesPassedOverMax;
      }
      // Where the limit was not what ended it, orgs may have competed for the room of one origin: the one that was first is last then.
      if (hand.left > 0 && taking.firstServed !== null) turn.lastOrg = taking.firstServed;
      if (unwritten.isAnyLeftBy(hand.claims)) hand.noteLeft();
      return taking.passedOver;
    },
    nextDueAt: async ({ orgs, channelKeys }) => (await statements.nextDueAt(channelKeys, orgs))[0]?.due_at ?? null,
    releaseAll: async (now) => {
      const released = await statements.release(now);
      for (const { org, channel_key: channelKey } of released) unwritten.wake(org, channelKey, { dueAt: now, firstAt: 0 });
    },
  };
}

function takeFromLane(lane: DueLane, taking: Taking): LaneTaken {
  const { hand, skipped, passedOver } = taking;
  const { order, room } = hand;
  const { org, channelKey, target } = lane;
  skipped.add(channelKey);
  // A lane that is held is looked at again when it is let go.
  if (target === null) return { lane, rows: [], lookAt: null, isHeld: true };
  const origin = originOf(target.notify_url);
  const left = Math.min(hand.left, room.ofOrg(org), room.ofChannel(channelKey), limits.claimsPerTurnMax);
  const due = lane.due.slice(0, Math.max(0, left));
  const rows = due.slice(0, Math.max(0, room.ofOrigin(origin)));
  if (rows.length < due.length) passedOver.push({ org, channelKey, origin });
  const aim = aimOf(target);
  hand.take(
    rows.map((row) => claimOf(row, aim, order)),
    origin,
  );
  if (rows.length > 0) taking.firstServed ??= org;
  // What is due already waits for the next turn, behind the lanes that wait now.
  return { lane, rows, lookAt: rows.length < lane.due.length ? order.now : rows.length > 0 ? order.leaseUntil : null, isHeld: false };
}
