/**
 * The end of claims, many at once in one statement: each is ended where its token still stands, its attempt logged, its places in lines given
 * up, whoever is first in a line now let go, and the lanes woken of what falls due. The transaction holds the orgs, so no line
 * changes under its eyes; what the transaction has still to write finds its place in them afterwards.
 */
import type { DeliveryRows, EndedClaim, EndingClaim } from "../ports/deliveries.ts";
import { type HealthRow, readHealth } from "../sql/channel-row.ts";
import type { PostgresDatabase } from "./database.ts";
import { wakeLanes } from "./lanes.ts";

/** Of the claims of a channel that have ended (`places`), of who is the first in a line since (`places`, which is one, and `delivery_id`), or of who may go now (`delivery_id`). */
type SettledRow = HealthRow & { readonly places: string | null; readonly delivery_id: number | null };

export function settleStatement(db: PostgresDatabase): Pick<DeliveryRows, "settle"> {
  const settle = db.asked<SettledRow>(settleText);
  return {
    settle: async (ending, now) => {
      if (ending.length === 0) return [];
      // The orgs are taken right before; where one has no state yet, nothing of it can be settled.
      const holding = db.session.orgs.holdAll(ending.map(({ org }) => org));
      const [rows] = await Promise.all([settle(now, ...endings(ending), ...attempts(ending)), holding]);
      return readEnded(ending.length, rows);
    },
  };
}

function readEnded(count: number, rows: readonly SettledRow[]): readonly (EndedClaim | null)[] {
  const free = new Set(rows.flatMap((row) => (row.places === null ? [row.delivery_id] : [])));
  const freeing = new Set(rows.flatMap((row) => (row.delivery_id !== null && free.has(row.delivery_id) ? [row.places] : [])));
  const ended: (EndedClaim | null)[] = Array.from({ length: count }, () => null);
  for (const row of rows) {
    if (row.places === null || row.delivery_id !== null) continue;
    const health = readHealth(row);
    for (const place of row.places.split(",")) ended[Number(place) - 1] = { isAnyFree: freeing.has(place), health };
  }
  return ended;
}

function endings(ending: readonly EndingClaim[]): readonly unknown[] {
  return [
    ending.map(({ org }) => org),
    ending.map(({ deliveryId }) => deliveryId),
    ending.map(({ claimToken }) => claimToken),
    ending.map(({ channelKey }) => channelKey),
    ending.map(({ next }) => next.status),
    ending.map(({ next }) => next.attempts),
    ending.map(({ next }) => next.dueAt),
    ending.map(({ recordIds }) => recordIds),
  ];
}

/** `started_at` null: none was made. */
function attempts(ending: readonly EndingClaim[]): readonly unknown[] {
  const made = ending.map(({ attempt }) => attempt);
  return [
    made.map((attempt) => attempt?.startedAt ?? null),
    made.map((attempt) => attempt?.durationMs ?? null),
    made.map((attempt) => attempt?.outcome ?? null),
    made.map((attempt) => attempt?.httpStatus ?? null),
    made.map((attempt) => attempt?.error ?? null),
    made.map((attempt) => attempt?.responseBody ?? null),
    made.map((attempt) => attempt?.responseHeaders ?? null),
  ];
}

/**
 * Every part sees the lines as they were. Only who is first in all its lines is claimed, so of a line one leaves at a time: `moved` says who is
 * first then. No part is joined with another by more than an index, so the cost grows with the number of claims.
 */
const settleText = `
  with ended as (
    update deliveries as d set status = v.status, attempts = v.attempts, due_at = v.due_at, claim_token = null,
      settled_at = case when v.due_at is null then $1::bigint end
    from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::int[], $8::bigint[], $9::text[],
      $10::bigint[], $11::int[], $12::text[], $13::int[], $14::text[], $15::text[], $16::text[]) with ordinality
      as v (org, id, claim_token, channel_key, status, attempts, due_at, record_ids,
        started_at, duration_ms, outcome, http_status, error, response_body, response_headers, place)
    where d.org = v.org and d.id = v.id and d.claim_token = v.claim_token
    returning v.*
  ),
  logged as (
    insert into attempts (org, delivery_id, number, started_at, duration_ms, outcome, http_status, error, response_body, response_headers)
    select org, id, attempts, started_at, duration_ms, outcome, http_status, error, response_body, response_headers
    from ended where started_at is not null
  ),
  places as materialized (
    select e.place, e.org, e.channel_key, e.id as delivery_id, r.record_id
    from ended as e cross join lateral json_array_elements_text(e.record_ids::json) as r (record_id) where e.due_at is null
  ),
  gone as (
    delete from record_lines as l using places as p
    where l.org = p.org and l.channel_key = p.channel_key and l.record_id = p.record_id collate "C" and l.delivery_id = p.delivery_id
    returning p.place, p.org, p.channel_key, p.record_id, p.delivery_id
  ),
  moved as materialized (
    select g.place, g.org, n.ids[2] as delivery_id from gone as g cross join lateral (
      select array(select k.delivery_id from record_lines as k
        where k.org = g.org and k.channel_key = g.channel_key and k.record_id = g.record_id collate "C"
        order by k.delivery_id limit 2) as ids) as n
    where n.ids[1] = g.delivery_id and n.ids[2] is not null and not exists (
      select 1 from gone as o where o.delivery_id = n.ids[2] and o.record_id = g.record_id)
  ),
  freed as (
    update deliveries as d set blockers = d.blockers - m.count, status = case when d.blockers = m.count then 'pending' else d.status end,
      due_at = case when d.blockers = m.count then $1::bigint else d.due_at end
    from (select org, delivery_id, count(*)::int as count from moved group by org, delivery_id) as m
    where d.org = m.org and d.id = m.delivery_id returning d.org, d.channel_key, d.id, d.blockers
  ),
  woken as (
    insert into lanes (org, channel_key, due_at, first_at)
    select org, channel_key, min(due_at), min(due_at) from (
      select org, channel_key, due_at from ended where due_at is not null
      union all select org, channel_key, $1::bigint from freed where blockers = 0) as w
    group by org, channel_key order by org, channel_key
    ${wakeLanes}
  )
  select e.places, null::bigint as delivery_id, c.state, c.cause, c.state_since, c.failing_since
  from (select org, channel_key, string_agg(place::text, ',') as places from ended group by org, channel_key) as e
    join channels as c on c.org = e.org and c.key = e.channel_key
  union all select m.place::text, m.delivery_id, null, null, null, null from moved as m
  union all select null, f.id, null, null, null, null from freed as f where f.blockers = 0`;
