import { sql } from "kysely";
import { expirySpanNames, expirySpans } from "../../core/census.ts";
import { instantOf } from "../../core/commit-ids.ts";
import type { ChannelState } from "../../core/channel.ts";
import type { CensusMark, CensusRows } from "../ports/census.ts";
import { type Database, arg, compilable, found } from "./database.ts";

/**
 * Counts along indexes that hold all it needs, a bounded number of entries a step. Measured on two busy cores with
 * 1,000,000 pending deliveries and as many channels in one file, 2,500 entries a step: 0.8 to 1.7 ms a step of deliveries (0.33 to 0.68 s for the million; with
 * the table read for each, when a million claims could be among what falls due within a lease, 1.7 s), 0.5 ms a step of waiting or dead ones, 1.9 ms a
 * step of channels. The two partial indexes cost the way of a delivery from insert to settled nothing that shows (12.3 k against 12.6 k a second, medians of 7).
 */
export function sqlCensus(db: Database): CensusRows {
  return { ...openStatements(db), ...asideStatements(db), ...channelStatements(db) };
}

function openStatements(db: Database): Pick<CensusRows, "countOpen"> {
  const step = sql`select org, channel_key, due_at, id from deliveries${db.dialect.along("deliveries_by_lane")}
    where due_at is not null and is_in_hand = 0
      and (org, channel_key, due_at, id) > (${arg("org")}, ${arg("channelKey")}, ${arg("dueAt")}, ${arg("id")})
    order by org, channel_key, due_at, id limit ${arg("limit")}`;
  const total = db.first(
    compilable<{ count: number; oldest: number | null }>(db, sql`select count(*) as count, min(id) as oldest from (${step}) as s`),
  );
  // Only the table knows the status; a claim that holds is one of those that fall due within a lease.
  const claimed = db.first(
    compilable<{ count: number }>(
      db,
      sql`select count(*) as count from (${step}) as s join deliveries as d on d.org = s.org and d.id = s.id
        where s.due_at > ${arg("now")} and s.due_at <= ${arg("leaseUntil")} and d.status = 'claimed'`,
    ),
  );
  const handTotal = db.first(
    compilable<{ count: number }>(
      db,
      sql`select count(*) as count from deliveries${db.dialect.along("deliveries_in_hand")} where is_in_hand = 1`,
    ),
  );
  const last = db.first(
    compilable<{ org: number; channel_key: number; due_at: number; id: number }>(db, sql`${step} offset ${arg("limit")} - 1`),
  );
  return {
    countOpen: async ({ after, limit, now, leaseUntil }) => {
      const from = openMark(after, limit);
      const { count, oldest } = found(await total(from));
      const held = found(await claimed({ ...from, now, leaseUntil }));
      const end = await last(from);
      // What is in hand is little, and counted with the first step.
      const inHand = after === null ? found(await handTotal({})) : { count: 0 };
      return {
        open: count + inHand.count,
        claimed: held.count + inHand.count,
        oldestAt: committedAt(oldest),
        next: end === null ? null : [end.org, end.channel_key, end.due_at, end.id],
      };
    },
  };
}

function openMark(after: CensusMark | null, limit: number) {
  const [org = 0, channelKey = 0, dueAt = 0, id = 0] = after ?? [];
  return { org, channelKey, dueAt, id, limit };
}

function asideStatements(db: Database): Pick<CensusRows, "countAside"> {
  const statements = { waiting: asideStatement(db, "waiting"), dead: asideStatement(db, "dead") };
  return {
    countAside: (status, { after, limit }) => {
      const [org = 0, id = 0] = after ?? [];
      return statements[status]({ org, id, limit });
    },
  };
}

function asideStatement(db: Database, status: "waiting" | "dead") {
  const step = sql`select org, id from deliveries${db.dialect.along(`deliveries_${status}`)}
    where status = ${sql.lit(status)} and (org, id) > (${arg("org")}, ${arg("id")}) order by org, id limit ${arg("limit")}`;
  const total = db.first(
    compilable<{ count: number; oldest: number | null }>(db, sql`select count(*) as count, min(id) as oldest from (${step}) as s`),
  );
  const last = db.first(compilable<{ org: number; id: number }>(db, sql`${step} offset ${arg("limit")} - 1`));
  return async (from: { org: number | string; id: number | string; limit: number }) => {
    const end = await last(from);
    const { count, oldest } = found(await total(from));
    return { count, oldestAt: committedAt(oldest), next: end === null ? null : [end.org, end.id] };
  };
}

function channelStatements(db: Database): Pick<CensusRows, "countChannels"> {
  const step = sql`select state, expires_at, key from channels${db.dialect.along("channels_by_state")}
    where (state, expires_at, key) > (${arg("state")}, ${arg("expiresAt")}, ${arg("key")})
    order by state, expires_at, key limit ${arg("limit")}`;
  // One sum a span in place of groups of spans, which would be sorted first.
  const before = sql.join(
    expirySpans.map(({ name }) => sql`sum(case when expires_at < ${arg(name)} then 1 else 0 end) as ${sql.ref(name)}`),
  );
  const totals = db.all(
    compilable<Readonly<Record<string, number | string>>>(
      db,
      sql`select state, ${before}, count(*) as more from (${step}) as s group by state`,
    ),
  );
  const last = db.first(compilable<{ state: string; expires_at: number; key: number }>(db, sql`${step} offset ${arg("limit")} - 1`));
  return {
    countChannels: async ({ after, limit, now }) => {
      const [state = "", expiresAt = 0, key = 0] = after ?? [];
      const from = { state, expiresAt, key, limit };
      const end = await last(from);
      const bounds = Object.fromEntries(expirySpans.map(({ name, lessThanMs }) => [name, now + lessThanMs]));
      return {
        rows: (await totals({ ...from, ...bounds })).flatMap(spansOf),
        next: end === null ? null : [end.state, end.expires_at, end.key],
      };
    },
  };
}

/** From how many expire before each bound to how many do between two. */
function spansOf(row: Readonly<Record<string, number | string>>) {
  const state = row["state"] as ChannelState;
  const before = expirySpanNames.map((name) => Number(row[name]));
  return before.map((count, span) => ({ state, span, count: count - (before[span - 1] ?? 0) }));
}

/** When the delivery with the id was committed. */
function committedAt(id: number | null): number | null {
  return id === null ? null : instantOf(id);
}
