import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { Tables } from "./tables.ts";

/** The record as a row that is not in the bin. */
export function writeRecord(org: OrgKey, record: CrmRecord): Tables["records"] {
  return {
    org,
    module: record.module,
    id: record.id,
    data: JSON.stringify(record.values),
    created_at: record.createdAt,
    created_by: record.createdBy,
    modified_at: record.modifiedAt,
    modified_by: record.modifiedBy,
    deleted_at: null,
  };
}

export function readRecord(row: Tables["records"]): CrmRecord {
  return {
    id: row.id,
    module: row.module,
    values: JSON.parse(row.data) as Values,
    createdAt: row.created_at,
    createdBy: row.created_by,
    modifiedAt: row.modified_at,
    modifiedBy: row.modified_by,
  };
}
