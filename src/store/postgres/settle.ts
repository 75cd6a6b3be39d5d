/**
 * The end of claims, many at once in one statement: each is ended where its token still stands, its attempt logged, its places in lines given
 * up, whoever is first in a line now let go, and the lanes woken of what falls due. The transaction holds the orgs, so no line
 * changes under its eyes; what the transaction has still to write finds its place in them afterwards.
 */
import type { DeliveryRows, EndedClaim, EndingClaim } from "../ports/deliveries.ts";
import { type HealthRow, readHealth } from "../sql/channel-row.ts";
import type { PostgresDatabase } from "./database.ts";

type EndedRow = HealthRow & { readonly place: number; readonly is_any_free: boolean };

export function settleStatement(db: PostgresDatabase): Pick<DeliveryRows, "settle"> {
  const settle = db.asked<EndedRow>(settleText);
  return {
    settle: async (ending, now) => {
      if (ending.length === 0) return [];
      await db.session.orgs.holdAll(ending.map(({ org }) => org));
      const ended: (EndedClaim | null)[] = ending.map(() => null);
      for (const row of await settle(now, ...endings(ending), ...attempts(ending))) {
        ended[row.place - 1] = { isAnyFree: row.is_any_free, health: readHealth(row) };
      }
      return ended;
    },
  };
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
    made.map((attempt) => (attempt?.responseHeaders == null ? null : JSON.stringify(attempt.responseHeaders))),
  ];
}

/** Every part sees the lines as they were: `moved` says which record's first has left, and who is first then. */
const settleText = `
  with given as materialized (
    select * from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::int[], $8::bigint[], $9::text[],
      $10::bigint[], $11::int[], $12::text[], $13::int[], $14::text[], $15::text[], $16::text[]) with ordinality
      as v (org, id, claim_token, channel_key, status, attempts, due_at, record_ids,
        started_at, duration_ms, outcome, http_status, error, response_body, response_headers, place)
  ),
  ended as (
    update deliveries as d set status = v.status, attempts = v.attempts, due_at = v.due_at, claim_token = null,
      settled_at = case when v.due_at is null then $1::bigint end
    from given as v join channels as c on c.org = v.org and c.key = v.channel_key
    where d.org = v.org and d.id = v.id and d.claim_token = v.claim_token
    returning v.place, c.state, c.cause, c.state_since, c.failing_since
  ),
  logged as (
    insert into attempts (org, delivery_id, number, started_at, duration_ms, outcome, http_status, error, response_body, response_headers)
    select v.org, v.id, v.attempts, v.started_at, v.duration_ms, v.outcome, v.http_status, v.error, v.response_body, v.response_headers
    from ended join given as v using (place) where v.started_at is not null
  ),
  places as materialized (
    select v.place, v.org, v.channel_key, v.id as delivery_id, r.record_id
    from ended join given as v using (place) cross join lateral json_array_elements_text(v.record_ids::json) as r (record_id)
    where v.due_at is null
  ),
  gone as (
    delete from record_lines as l using places as p
    where l.org = p.org and l.channel_key = p.channel_key and l.record_id = p.record_id collate "C" and l.delivery_id = p.delivery_id
    returning p.place, p.org, p.channel_key, p.record_id, p.delivery_id
  ),
  moved as materialized (
    select g.place, g.org, g.channel_key, n.delivery_id from gone as g cross join lateral (
      select l.delivery_id from record_lines as l
      where l.org = g.org and l.channel_key = g.channel_key and l.record_id = g.record_id collate "C"
        and not exists (select 1 from gone as o where o.delivery_id = l.delivery_id and o.record_id = l.record_id)
      order by l.delivery_id limit 1) as n
    where n.delivery_id > g.delivery_id and not exists (
      select 1 from gone as o
      where o.org = g.org and o.channel_key = g.channel_key and o.record_id = g.record_id
        and o.delivery_id > g.delivery_id and o.delivery_id < n.delivery_id)
  ),
  freed as (
    update deliveries as d set blockers = d.blockers - m.count, status = case when d.blockers = m.count then 'pending' else d.status end,
      due_at = case when d.blockers = m.count then $1::bigint else d.due_at end
    from (select org, delivery_id, count(*)::int as count from moved group by org, delivery_id) as m
    where d.org = m.org and d.id = m.delivery_id returning d.org, d.channel_key, d.id, d.blockers
  ),
  woken as (
    insert into lanes (org, channel_key, due_at)
    select org, channel_key, min(due_at) from (
      select v.org, v.channel_key, v.due_at from ended join given as v using (place) where v.due_at is not null
      union all select org, channel_key, $1::bigint from freed where blockers = 0) as w
    group by org, channel_key order by org, channel_key
    on conflict (org, channel_key) do update set due_at = excluded.due_at where lanes.due_at > excluded.due_at
  )
  select e.place, e.state, e.cause, e.state_since, e.failing_since, exists (
    select 1 from moved as m join freed as f on f.org = m.org and f.id = m.delivery_id where m.place = e.place and f.blockers = 0) as is_any_free
  from ended as e`;
