/**
 * Another lease for claims, many at once in one statement, with where their channels deliver to now. It waits for nobody: a claim that is
 * being settled or taken in the same moment is one that holds no more.
 */
import type { ClaimTarget } from "../../core/attempt.ts";
import { holderMark } from "../../core/node.ts";
import { type DeliveryRows, renewalMark } from "../ports/deliveries.ts";
import type { PostgresDatabase } from "./database.ts";
import { type TargetRow, aimOf } from "./target-row.ts";

/** A claim that was held; without the channel's columns where that is gone. */
type RenewedRow = TargetRow & {
  readonly place: number;
  readonly org: number;
  readonly channel_key: number;
  readonly state: string | null;
  readonly epoch: number;
};

export function renewStatement(db: PostgresDatabase): Pick<DeliveryRows, "renew"> {
  const renew = db.rows<RenewedRow>(renewText);
  return {
    renew: async ({ claims, leaseUntil, prefix, suffix }) => {
      const orgs = claims.map(({ org }) => org);
      const ids = claims.map(({ deliveryId }) => deliveryId);
      const tokens = claims.map((claim) => claim.claimToken);
      const rows = claims.length === 0 ? [] : await renew(leaseUntil, suffix, prefix, orgs, ids, tokens);
      const held = new Set(rows.map(({ place }) => place - 1));
      const targets = new Map(rows.flatMap((row) => (row.state === null ? [] : [[row.channel_key, targetOf(row)]])));
      return { held: claims.map((_, place) => held.has(place)), targets: [...targets.values()] };
    },
  };
}

function targetOf(row: RenewedRow): ClaimTarget {
  return { org: row.org, channelKey: row.channel_key, isActive: row.state === "active", ...aimOf(row) };
}

/** Of a claim that was renewed before, the token stands between whoever renewed it and the mark. The lane keeps its place: who looks at it when the old lease would have ended finds the new one. */
const renewText = `
  with held as (
    select d.org, d.id, d.channel_key, v.place, v.claim_token
    from unnest($4::bigint[], $5::bigint[], $6::text[]) with ordinality as v (org, id, claim_token, place)
      join deliveries as d on d.org = v.org and d.id = v.id
    where d.claim_token = v.claim_token
      or ($2::text <> '' and strpos('${holderMark}' || d.claim_token, '${holderMark}' || v.claim_token || '${renewalMark}') > 0)
    order by d.org, d.id for update of d skip locked
  ),
  renewed as (
    update deliveries as d set due_at = $1, claim_token = $3::text || h.claim_token || $2::text from held as h
    where d.org = h.org and d.id = h.id returning h.place, h.org, h.channel_key
  )
  select r.place, r.org, r.channel_key, coalesce((select s.epoch from org_states as s where s.org = r.org), 0) as epoch,
    c.state, c.notify_url, c.token, c.secret, c.previous_secret, c.previous_secret_until
  from renewed as r left join channels as c on c.org = r.org and c.key = r.channel_key`;
