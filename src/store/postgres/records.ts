import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { RecordRows } from "../ports/records.ts";
import { sqlRecordLists } from "../sql/record-lists.ts";
import { readRecord, writeRecord } from "../sql/record-row.ts";
import type { Tables } from "../sql/tables.ts";
import type { PostgresDatabase } from "./database.ts";

/** Records by module and id. Whoever changes one holds its org, so what was read stays until the commit. */
export function postgresRecords(db: PostgresDatabase): RecordRows {
  const { orgs } = db.session;
  const insert = db.changed(
    `insert into records (org, module, id, data, created_at, created_by, modified_at, modified_by, deleted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
  );
  const update = db.changed(
    `update records set data = $4, modified_at = $5, modified_by = $6, deleted_at = $7 where org = $1 and module = $2 and id = $3`,
  );
  const getAny = db.rows<Tables["records"]>("select * from records where org = $1 and module = $2 and id = $3");
  const change = async (org: OrgKey, record: CrmRecord, deletedAt: number | null) => {
    const row = writeRecord(org, record);
    await orgs.hold(org);
    await update(org, row.module, row.id, row.data, row.modified_at, row.modified_by, deletedAt);
  };
  return {
    insert: async (org, record) => {
      const row = writeRecord(org, record);
      await orgs.hold(org);
      const { created_at: createdAt, created_by: createdBy, modified_at: modifiedAt, modified_by: modifiedBy } = row;
      await insert(org, row.module, row.id, row.data, createdAt, createdBy, modifiedAt, modifiedBy, row.deleted_at);
    },
    update: (org, record) => change(org, record, null),
    remove: (org, record) => change(org, record, record.modifiedAt),
    get: async (org, module, id) => {
      const [row] = await getAny(org, module, id);
      return row === undefined || row.deleted_at !== null ? null : readRecord(row);
    },
    valuesOf: async (org, module, id) => {
      const [row] = await getAny(org, module, id);
      return row === undefined ? null : (JSON.parse(row.data) as Values);
    },
    isIdTaken: async (org, module, id) => (await getAny(org, module, id)).length > 0,
    ...sqlRecordLists(db),
    ...moduleStatements(db),
  };
}

/** Records of which one step reads and writes the values. */
const valuesPerStep = 500;

function moduleStatements(db: PostgresDatabase): Pick<RecordRows, "dropValues" | "dropModule"> {
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
        if (last === undefined) return;
        afterId = last.id;
        const texts = rows.map(({ data }) => withoutField(data, field));
        await setData(
          org,
          module,
          rows.map(({ id }) => id),
          texts,
        );
      }
    },
    dropModule: async (org, module) => {
      await orgs.hold(org);
      await dropModule(org, module);
    },
  };
}

function withoutField(data: string, field: string): string {
  const values = JSON.parse(data) as Values;
  return JSON.stringify(Object.fromEntries(Object.entries(values).filter(([name]) => name !== field)));
}
