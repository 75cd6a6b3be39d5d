/** All that a batch inserts and changes, in one statement: its parts know nothing of each other, and none sees what another writes. */
import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { Tables } from "../sql/tables.ts";
import type { PostgresDatabase } from "./database.ts";
import { wakeLanes } from "./lanes.ts";
import type { UnwrittenState } from "./org-states.ts";
import type { WrittenRow } from "./record-cache.ts";

type Row = Tables["deliveries"];

export type NewRow = Omit<Row, "settled_at" | "replayed_as" | "is_in_hand">;
export type Line = { readonly org: OrgKey; readonly channelKey: number; readonly recordId: Id; readonly deliveryId: number };
export type Lane = { readonly org: OrgKey; readonly channelKey: number; readonly dueAt: number; readonly firstAt: number };

export type Writing = {
  readonly changes: readonly Tables["changes"][];
  readonly records: readonly WrittenRow[];
  readonly deliveries: readonly NewRow[];
  readonly lines: readonly Line[];
  readonly lanes: readonly Lane[];
  readonly states: readonly UnwrittenState[];
};

type Column = readonly [type: "bigint" | "int" | "text", values: readonly unknown[]];
type Columns = Readonly<Record<string, Column>>;

const numbers = (values: readonly unknown[]): Column => ["bigint", values];
const counts = (values: readonly unknown[]): Column => ["int", values];
const texts = (values: readonly unknown[]): Column => ["text", values];

export function writeStatement(db: PostgresDatabase): (writing: Writing) => void {
  // The text depends on the columns alone, so it is the same for every batch.
  const write = db.posted(textOf(partsOf(nothing)));
  return (writing) => write(...partsOf(writing).flatMap(({ columns }) => Object.values(columns).map(([, values]) => values)));
}

const nothing: Writing = { changes: [], records: [], deliveries: [], lines: [], lanes: [], states: [] };

/** A part of the statement, over the rows `v` that its columns make. */
type Part = {
  readonly name: string;
  readonly columns: Columns;
  readonly sql: (v: { readonly names: string; readonly rows: string }) => string;
};

const insertInto =
  (table: string) =>
  ({ names, rows }: { readonly names: string; readonly rows: string }): string =>
    `insert into ${table} (${names}) select * from ${rows}`;

function partsOf({ changes, records, deliveries, lines, lanes, states }: Writing): readonly Part[] {
  return [
    { name: "changed", columns: changeColumns(changes), sql: insertInto("changes") },
    { name: "inserted", columns: recordColumns(records.filter(({ isNew }) => isNew)), sql: insertInto("records") },
    {
      name: "updated",
      columns: recordColumns(records.filter(({ isNew }) => !isNew)),
      sql: ({ rows }) => `update records as r set data = v.data, modified_at = v.modified_at, modified_by = v.modified_by,
        deleted_at = v.deleted_at from ${rows} where r.org = v.org and r.module = v.module collate "C" and r.id = v.id collate "C"`,
    },
    { name: "made", columns: deliveryColumns(deliveries), sql: insertInto("deliveries") },
    { name: "joined", columns: lineColumns(lines), sql: insertInto("record_lines") },
    // In one order, so that two who wake the same lanes do not wait for each other.
    {
      name: "woken",
      columns: laneColumns(lanes.toSorted((one, other) => one.org - other.org || one.channelKey - other.channelKey)),
      sql: (v) => `${insertInto("lanes")(v)} ${wakeLanes}`,
    },
    {
      name: "counted",
      columns: {
        org: numbers(states.map(({ org }) => org)),
        last_id: numbers(states.map(({ lastId }) => lastId)),
        epoch: numbers(states.map(({ epoch }) => epoch)),
        access_epoch: numbers(states.map(({ accessEpoch }) => accessEpoch)),
      },
      sql: ({ rows }) => `update org_states as s set last_id = v.last_id, epoch = v.epoch, access_epoch = v.access_epoch
        from ${rows} where s.org = v.org`,
    },
  ];
}

function textOf(parts: readonly Part[]): string {
  let place = 0;
  const texts = parts.map(({ name, columns, sql }) => {
    const names = Object.keys(columns).map((column) => `"${column}"`);
    const arrays = Object.values(columns).map(([type]) => `$${String((place += 1))}::${type}[]`);
    return `${name} as (${sql({ names: names.join(", "), rows: `unnest(${arrays.join(", ")}) as v (${names.join(", ")})` })})`;
  });
  return `with ${texts.join(",\n")} select 1`;
}

function changeColumns(rows: readonly Tables["changes"][]): Columns {
  return {
    org: numbers(rows.map((row) => row.org)),
    id: numbers(rows.map((row) => row.id)),
    at: numbers(rows.map((row) => row.at)),
    write: numbers(rows.map((row) => row.write)),
    module: texts(rows.map((row) => row.module)),
    record_id: texts(rows.map((row) => row.record_id)),
    operation: texts(rows.map((row) => row.operation)),
    changed_fields: texts(rows.map((row) => row.changed_fields)),
    by: texts(rows.map((row) => row.by)),
    before: texts(rows.map((row) => row.before)),
    after: texts(rows.map((row) => row.after)),
    related: texts(rows.map((row) => row.related)),
  };
}

function recordColumns(rows: readonly WrittenRow[]): Columns {
  return {
    org: numbers(rows.map(({ row }) => row.org)),
    module: texts(rows.map(({ row }) => row.module)),
    id: texts(rows.map(({ row }) => row.id)),
    data: texts(rows.map(({ row }) => row.data)),
    created_at: numbers(rows.map(({ row }) => row.created_at)),
    created_by: texts(rows.map(({ row }) => row.created_by)),
    modified_at: numbers(rows.map(({ row }) => row.modified_at)),
    modified_by: texts(rows.map(({ row }) => row.modified_by)),
    deleted_at: numbers(rows.map(({ row }) => row.deleted_at)),
  };
}

function deliveryColumns(rows: readonly NewRow[]): Columns {
  return {
    org: numbers(rows.map((row) => row.org)),
    id: numbers(rows.map((row) => row.id)),
    channel_key: numbers(rows.map((row) => row.channel_key)),
    channel_id: texts(rows.map((row) => row.channel_id)),
    module: texts(rows.map((row) => row.module)),
    operation: texts(rows.map((row) => row.operation)),
    record_ids: texts(rows.map((row) => row.record_ids)),
    affected_fields: texts(rows.map((row) => row.affected_fields)),
    affected_values: texts(rows.map((row) => row.affected_values)),
    body: texts(rows.map((row) => row.body)),
    status: texts(rows.map((row) => row.status)),
    attempts: counts(rows.map((row) => row.attempts)),
    blockers: counts(rows.map((row) => row.blockers)),
    due_at: numbers(rows.map((row) => row.due_at)),
    claim_token: texts(rows.map((row) => row.claim_token)),
    committed_at: numbers(rows.map((row) => row.committed_at)),
    write: numbers(rows.map((row) => row.write)),
    replay_of: numbers(rows.map((row) => row.replay_of)),
    is_replay: counts(rows.map((row) => row.is_replay)),
    is_test: counts(rows.map((row) => row.is_test)),
  };
}

function lineColumns(rows: readonly Line[]): Columns {
  return {
    org: numbers(rows.map((row) => row.org)),
    channel_key: numbers(rows.map((row) => row.channelKey)),
    record_id: texts(rows.map((row) => row.recordId)),
    delivery_id: numbers(rows.map((row) => row.deliveryId)),
  };
}

function laneColumns(rows: readonly Lane[]): Columns {
  return {
    org: numbers(rows.map((row) => row.org)),
    channel_key: numbers(rows.map((row) => row.channelKey)),
    due_at: numbers(rows.map((row) => row.dueAt)),
    first_at: numbers(rows.map((row) => row.firstAt)),
  };
}
