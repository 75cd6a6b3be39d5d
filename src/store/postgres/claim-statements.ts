/** The SQL of a claim. */
import type { ClaimOrder } from "../../core/hand.ts";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import type { DueRow } from "../sql/delivery-row.ts";
import type { PostgresDatabase } from "./database.ts";
import type { TargetRow } from "./target-row.ts";

/** A lane in its turn with one of the rows that are due in it; without the row's columns where there is none. */
export type LaneRow = {
  readonly lane_org: OrgKey;
  readonly lane_key: number;
  readonly lane_first: number;
  readonly lanes_max: number;
  readonly state: string | null;
  readonly epoch: number;
} & TargetRow &
  (DueRow | { readonly id: null });

/** A lane that was locked. `target` null: it is held. */
export type DueLane = {
  readonly org: OrgKey;
  readonly channelKey: number;
  /** Nothing in it is due before. */
  readonly firstAt: number;
  readonly target: (TargetRow & { readonly epoch: number }) | null;
  readonly due: readonly DueRow[];
};

export type Look = {
  readonly now: number;
  readonly afterOrg: OrgKey;
  readonly skipped: readonly number[];
  readonly perOrg: number;
  readonly orgs: readonly (readonly [org: OrgKey, room: number])[];
  readonly perChannel: number;
  readonly channels: readonly (readonly [channelKey: number, room: number])[];
  /** Rows that are wanted at most. */
  readonly left: number;
};

/** The lanes in their order, and whether there may be more of them. */
export function lanesOf(rows: readonly LaneRow[], wanted: number): { readonly found: readonly DueLane[]; readonly isMore: boolean } {
  const byKey = new Map<number, Omit<DueLane, "due"> & { readonly due: DueRow[] }>();
  for (const row of rows) {
    const target = row.state === "active" ? row : null;
    const lane = byKey.get(row.lane_key) ?? { org: row.lane_org, channelKey: row.lane_key, firstAt: row.lane_first, target, due: [] };
    byKey.set(row.lane_key, lane);
    if (row.id !== null) lane.due.push(row);
  }
  const found = [...byKey.values()];
  const count = found.reduce((sum, { due }) => sum + due.length, 0);
  return { found, isMore: count >= wanted || found.length >= (rows[0]?.lanes_max ?? 1) };
}

type Taken = { readonly lane: DueLane; readonly rows: readonly DueRow[]; readonly lookAt: number | null; readonly isHeld: boolean };

export function claimStatements(db: PostgresDatabase) {
  const look = db.rows<LaneRow>(lookText);
  const hold = db.posted(holdText);
  return {
    look: ({ now, afterOrg, skipped, perOrg, orgs, perChannel, channels, left }: Look): Promise<LaneRow[]> => {
      const fullOrgs = orgs.flatMap(([org, room]) => (room <= 0 ? [org] : []));
      const ofChannels = [channels.map(([channelKey]) => channelKey), channels.map(([, room]) => room)];
      const ofOrgs = [orgs.map(([org]) => org), orgs.map(([, room]) => room)];
      const most = [limits.orgsPerClaimMax, limits.lanesPerStatementMax, limits.lanesPerTurnMax, limits.claimsPerTurnMax];
      return look(now, afterOrg, fullOrgs, skipped, perChannel, ...ofChannels, left, ...most, perOrg, ...ofOrgs);
    },
    hold: ({ now, claimToken, leaseUntil }: ClaimOrder, taken: readonly Taken[]): void => {
      const rows = taken.flatMap((each) => each.rows);
      hold(
        claimToken,
        leaseUntil,
        now,
        rows.map(({ org }) => org),
        rows.map(({ id }) => id),
        taken.map(({ lane }) => lane.org),
        taken.map(({ lane }) => lane.channelKey),
        taken.map(({ lookAt }) => lookAt),
        taken.map(({ isHeld }) => isHeld),
        taken.map(({ lane }) => lane.firstAt),
      );
    },
    nextDueAt: db.rows<{ due_at: number }>(
      `select due_at from lanes where not channel_key = any ($1::bigint[]) and not org = any ($2::bigint[]) order by due_at limit 1`,
    ),
    // A claim whose lease has ended is due already; the others are found among what falls due later.
    release: db.rows<{ org: number; channel_key: number }>(
      `with freed as (
         update deliveries set status = 'pending', claim_token = null, due_at = $1 where due_at > $1 and status = 'claimed'
         returning org, channel_key)
       select distinct org, channel_key from freed`,
    ),
  };
}

/**
 * The orgs from the last one on, round to it; of each its lanes that wait longest; all in turns of a few lanes; locked, unless another has
 * them; then what is due in each, as far as the org and the claim have room; a lane that is due and of which nothing is given keeps its turn. What was changed since the statement began is looked at again as it is now, for its lock; `coalesce` keeps that from
 * choosing the index of what is due, which says nothing of an id.
 */
const lookText = `
  with recursive turn (step, org, first) as (
    select 1, f.org, f.org from (select coalesce((select min(org) from lanes where org > $2), (select min(org) from lanes)) as org) as f
    where f.org is not null
    union all
    select t.step + 1, n.org, t.first from turn as t cross join lateral (
      select coalesce((select min(l.org) from lanes as l where l.org > t.org), (select min(l.org) from lanes as l)) as org) as n
    where n.org <> t.first and t.step < $9
  ),
  most as (select greatest($11::int, $10::int / greatest(1, count(*)::int)) as lanes from turn),
  waiting as (
    select t.step, w.org, w.channel_key, row_number() over (partition by w.org order by w.due_at, w.channel_key) as place
    from turn as t cross join lateral (
      select l.org, l.channel_key, l.due_at from lanes as l
      where l.org = t.org and l.due_at <= $1 and not l.channel_key = any ($4::bigint[])
      order by l.due_at, l.channel_key limit (select lanes from most)) as w
    where not t.org = any ($3::bigint[])
  ),
  chosen as (
    select org, channel_key, row_number() over (order by (place - 1) / $11::int, step, place) as turn from waiting order by turn limit $10::int
  ),
  locked as materialized (
    select l.org, l.channel_key, l.first_at, c.turn from chosen as c join lanes as l on l.org = c.org and l.channel_key = c.channel_key
    where l.due_at <= $1 for update of l skip locked
  ),
  aimed as (
    select k.org, k.channel_key, k.first_at, k.turn, c.state, c.notify_url, c.token, c.secret, c.previous_secret, c.previous_secret_until,
      coalesce((select s.epoch from org_states as s where s.org = k.org), 0) as epoch,
      least($12::int, coalesce(($7::int[])[array_position($6::bigint[], k.channel_key)], $5::int)) as room,
      coalesce(($15::int[])[array_position($14::bigint[], k.org)], $13::int) as org_room
    from locked as k left join channels as c on c.org = k.org and c.key = k.channel_key
  ),
  ranked as materialized (
    select a.turn, d.org, d.id, d.due_at, a.org_room, row_number() over (partition by d.org order by a.turn, d.due_at, d.id) as place
    from aimed as a cross join lateral (
      select e.org, e.id, e.due_at from deliveries as e where e.org = a.org and e.channel_key = a.channel_key and e.due_at >= a.first_at and e.due_at <= $1
      order by e.due_at, e.id limit least(a.room, a.org_room)) as d
    where a.state = 'active'
  ),
  due as (select turn, org, id, due_at from ranked where place <= org_room order by turn, due_at, id limit $8::int),
  free as materialized (
    select d.org, d.id, d.attempts, d.committed_at, d.channel_key, d.channel_id, d.module, d.operation, d.record_ids, d.affected_fields,
      d.affected_values, d.replay_of, d.is_replay, d.is_test, d.body, d.due_at
    from due join deliveries as d on d.org = due.org and d.id = due.id where coalesce(d.due_at, $1 + 1) <= $1
    for update of d skip locked
  )
  select a.org as lane_org, a.channel_key as lane_key, a.first_at as lane_first, (select lanes from most) as lanes_max, a.state, a.epoch, a.notify_url, a.token, a.secret,
    a.previous_secret, a.previous_secret_until, f.*
  from aimed as a left join free as f on f.org = a.org and f.channel_key = a.channel_key
  where f.id is not null or not exists (select 1 from ranked as r where r.turn = a.turn) order by a.turn, f.due_at, f.id`;

/**
 * A lane is looked at when the first of what is left in it is due, but not before now; one in which nothing is left is no lane, nor is one that is held.
 * Whether it is held is asked again: it may have been let go, and woken, between the look's snapshot and its lock on the lane, and nobody wakes it twice.
 */
const holdText = `
  with held as (
    update deliveries as d set status = 'claimed', claim_token = $1, due_at = $2 from unnest($4::bigint[], $5::bigint[]) as v (org, id)
    where d.org = v.org and d.id = v.id
  ),
  later as (
    select v.org, v.channel_key, case when v.is_held and not exists (
      select 1 from channels as c where c.org = v.org and c.key = v.channel_key and c.state = 'active') then null else least(v.look_at, (
      select e.due_at from deliveries as e
      where e.org = v.org and e.channel_key = v.channel_key and e.due_at >= v.first_at and not e.id = any ($5::bigint[])
      order by e.due_at limit 1)) end as due_at
    from unnest($6::bigint[], $7::bigint[], $8::bigint[], $9::boolean[], $10::bigint[])
      as v (org, channel_key, look_at, is_held, first_at)
  ),
  gone as (
    delete from lanes as l using later as n where l.org = n.org and l.channel_key = n.channel_key and n.due_at is null
  )
  update lanes as l set due_at = greatest(n.due_at, $3::bigint), first_at = n.due_at from later as n
  where l.org = n.org and l.channel_key = n.channel_key and n.due_at is not null`;
