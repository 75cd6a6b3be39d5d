import { sql } from "kysely";
import type { ClaimKey, ClaimTarget } from "../../core/attempt.ts";
import { holderMark } from "../../core/node.ts";
import { type DeliveryRows, type Renewal, renewalMark } from "../ports/deliveries.ts";
import type { Queues } from "./claim.ts";
import { type Database, arg } from "./database.ts";

/** Another lease for claims, each under its own token. */
export function renewStatement(db: Database, { lanes, inHand, targets }: Queues): DeliveryRows["renew"] {
  const find = db.first(
    db.builder
      .selectFrom("deliveries")
      .select(["channel_key", "claim_token"])
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );
  const renew = db.run(
    db.builder
      .updateTable("deliveries")
      .set({ due_at: arg<number>("leaseUntil"), claim_token: arg<string>("newToken"), is_in_hand: sql.lit(0) })
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );

  /** The channel of a claim that was held; null: it was not. */
  function renewOne({ org, deliveryId, claimToken }: ClaimKey, renewal: Renewal): number | null {
    const row = find({ org, id: deliveryId });
    const { leaseUntil, prefix, suffix } = renewal;
    const isRenewed = suffix !== "" && `${holderMark}${row?.claim_token ?? ""}`.includes(`${holderMark}${claimToken}${renewalMark}`);
    if (row === null || (row.claim_token !== claimToken && !isRenewed)) return null;
    inHand.writeDown(deliveryId);
    renew({ org, id: deliveryId, leaseUntil, newToken: prefix + claimToken + suffix });
    lanes.wake(org, row.channel_key, leaseUntil);
    return row.channel_key;
  }

  return (renewal) => {
    const found = new Map<number, ClaimTarget>();
    const held = renewal.claims.map((claim) => {
      const channelKey = renewOne(claim, renewal);
      const target = channelKey === null ? null : targets.get(channelKey);
      if (channelKey === null || target === null) return channelKey !== null;
      const { notifyUrl, token, secret, previousSecret, health } = target;
      const isActive = health.state === "active";
      found.set(channelKey, { org: claim.org, channelKey, orgEpoch: 0, isActive, notifyUrl, token, secret, previousSecret });
      return true;
    });
    return { held, targets: [...found.values()] };
  };
}
