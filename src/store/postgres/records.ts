import type { Id } from "../../core/ids.ts";
import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { RecordRows } from "../ports/records.ts";
import { sqlRecordLists } from "../sql/record-lists.ts";
import { readRecord, writeRecord } from "../sql/record-row.ts";
import type { PostgresDatabase } from "./database.ts";
import type { RecordCache, RecordRow } from "./record-cache.ts";

/** Records by module and id. Whoever changes one holds its org, so what was read stays until the commit. */
export function postgresRecords(db: PostgresDatabase, cache: RecordCache): RecordRows {
  const { orgs } = db.session;
  const getAny = db.asked<RecordRow>("select * from records where org = $1 and module = $2 and id = $3");
  const getMany = db.asked<RecordRow>(
    `select r.* from records as r join unnest($1::bigint[], $2::text[], $3::text[]) as v (org, module, id)
       on r.org = v.org and r.module = v.module collate "C" and r.id = v.id collate "C"`,
  );
  /** The row, also of one in the bin. What a transaction reads of an org that it does not hold it reads again the next time. */
  async function find(org: OrgKey, module: string, id: Id): Promise<RecordRow | null> {
    const known = cache.get(org, module, id);
    if (known !== undefined) return known;
    const [row = null] = await getAny(org, module, id);
    if (orgs.isHeld(org)) cache.note({ org, module, id }, row);
    return row;
  }
  async function write(org: OrgKey, record: CrmRecord, { isNew, deletedAt }: { isNew: boolean; deletedAt: number | null }): Promise<void> {
    await orgs.hold(org);
    cache.write({ ...writeRecord(org, record), deleted_at: deletedAt }, { isNew });
  }
  return {
    readAhead: async (keys) => {
      const missing = keys.filter(({ org, module, id }) => orgs.isAboutToBeHeld(org) && cache.get(org, module, id) === undefined);
      if (missing.length === 0) return;
      const rows = await getMany(
        missing.map(({ org }) => org),
        missing.map(({ module }) => module),
        missing.map(({ id }) => id),
      );
      await orgs.holding;
      for (const key of missing) if (orgs.isHeld(key.org)) cache.note(key, null);
      for (const row of rows) if (orgs.isHeld(row.org)) cache.note(row, row);
    },
    insert: (org, record) => write(org, record, { isNew: true, deletedAt: null }),
    update: (org, record) => write(org, record, { isNew: false, deletedAt: null }),
    remove: (org, record) => write(org, record, { isNew: false, deletedAt: record.modifiedAt }),
    get: async (org, module, id) => {
      const row = await find(org, module, id);
      return row === null || row.deleted_at !== null ? null : readRecord(row);
    },
    valuesOf: async (org, module, id) => {
      const row = await find(org, module, id);
      return row === null ? null : (JSON.parse(row.data) as Values);
    },
    isIdTaken: async (org, module, id) => (await find(org, module, id)) !== null,
    ...sqlRecordLists(db),
    ...moduleStatements(db, cache),
  };
}

/** Records of which one step reads and writes the values. */
const valuesPerStep = 500;

function moduleStatements(db: PostgresDatabase, cache: RecordCache): Pick<RecordRows, "dropValues" | "dropModule"> {
  const { orgs } = db.session;
  const dropModule = db.changed("delete from records where org = $1 and module = $2");
  const behind = db.rows<{ id: string; data: string }>(
    `select id, data from records where org = $1 and module = $2 and id > $3 and strpos(data, $4) > 0 order by id limit $5`,
  );
  const setData = db.changed(
    `update records as r set data = v.data from unnest($3::text[], $4::text[]) as v (id, data)
     where r.org = $1 and r.module = $2 and r.id = v.id`,
  );
  return {
    // The text is changed here: PostgreSQL's own way would write every number and key of it anew.
    dropValues: async (org, module, field) => {
      await orgs.hold(org);
      for (let afterId = ""; ;) {
        const rows = await behind(org, module, afterId, `${JSON.stringify(field)}:`, valuesPerStep);
        const last = rows.at(-1);
        if (last === undefined) break;
        afterId = last.id;
        const texts = rows.map(({ data }) => withoutField(data, field));
        await setData(
          org,
          module,
          rows.map(({ id }) => id),
          texts,
        );
      }
      cache.clear();
    },
    dropModule: async (org, module) => {
      await orgs.hold(org);
      await dropModule(org, module);
      cache.clear();
    },
  };
}

function withoutField(data: string, field: string): string {
  const values = JSON.parse(data) as Values;
  return JSON.stringify(Object.fromEntries(Object.entries(values).filter(([name]) => name !== field)));
}
