/**
 * History by day: `changes` and `attempts` have a partition for each day of their ids, made ahead, and one for the rest. A day of changes that is
 * older than it is kept is dropped whole, in place of row by row; attempts go with their deliveries, and their days once they are empty.
 */
import { firstIdAt } from "../../core/commit-ids.ts";
import { limits } from "../../core/limits.ts";
import type { PostgresDatabase } from "./database.ts";

const tables = ["changes", "attempts"] as const;
export type PartitionedTable = (typeof tables)[number];

/** A day of a table, counted from 1970. */
type Day = { readonly table: PartitionedTable; readonly day: number };

const dayMs = 86_400_000;
/** The column that a table is partitioned by. */
export const idOf: Readonly<Record<PartitionedTable, string>> = { changes: "id", attempts: "delivery_id" };

/** Makes the partitions of today and the days ahead, and drops what is older than `before`; few calls find anything to do. */
export function partitionStep(db: PostgresDatabase): (order: { readonly now: number; readonly before: number }) => Promise<void> {
  const { session } = db;
  const known = db.rows<{ name: string }>(
    `select c.relname::text as name from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
     where i.inhparent in ('changes'::regclass, 'attempts'::regclass)`,
  );

  async function isAnyIn(partition: string, condition = "true"): Promise<boolean> {
    const { rows } = await session.say(`select 1 from ${partition} where ${condition} limit 1`);
    return rows.length > 0;
  }

  /** Where rows of the day lie among the rest already, they stay there: it is over soon. */
  async function make({ table, day }: Day): Promise<void> {
    const [from, until] = idsOf(day);
    if (await isAnyIn(restOf(table), `${idOf[table]} >= ${String(from)} and ${idOf[table]} < ${String(until)}`)) return;
    await session.say(makeDayText({ table, day }));
  }

  async function drop(day: Day): Promise<void> {
    const name = nameOf(day);
    if (day.table === "changes" || !(await isAnyIn(name))) await session.say(`drop table if exists ${name}`);
  }

  return async ({ now, before }) => {
    const days = (await known()).flatMap(({ name }) => dayOf(name));
    const today = Math.floor(now / dayMs);
    const wanted = Array.from({ length: limits.partitionDaysAhead + 1 }, (_, ahead) => today + ahead);
    const missing = tables.flatMap((table) =>
      wanted.filter((day) => !days.some((there) => there.table === table && there.day === day)).map((day): Day => ({ table, day })),
    );
    const old = days.filter(({ day }) => (day + 1) * dayMs <= before);
    if (missing.length === 0 && old.length === 0) return;
    // Whoever wants to write waits for this, so it does not wait for long itself; where it cannot have the tables now, a later step does it.
    await session.say(`set local lock_timeout = ${String(limits.partitionLockMs)}`);
    for (const day of missing) await make(day);
    for (const day of old) await drop(day);
  };
}

/** The statement that makes the partition of a day, where it is not there. */
export function makeDayText({ table, day }: Day): string {
  const [from, until] = idsOf(day);
  return `create table if not exists ${nameOf({ table, day })} partition of ${table} for values from (${String(from)}) to (${String(until)})`;
}

/** The first id of the day, and of the next. */
function idsOf(day: number): readonly [from: number, until: number] {
  return [firstIdAt(day * dayMs), firstIdAt((day + 1) * dayMs)];
}

function nameOf({ table, day }: Day): string {
  return `${table}_day_${String(day)}`;
}

function restOf(table: PartitionedTable): string {
  return `${table}_rest`;
}

/** The day that a partition is named for; none: it holds the rest. */
function dayOf(name: string): readonly Day[] {
  const [, table, day] = /^(changes|attempts)_day_(\d+)$/.exec(name) ?? [];
  const known = tables.find((each) => each === table);
  return known === undefined ? [] : [{ table: known, day: Number(day) }];
}
