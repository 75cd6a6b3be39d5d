import { sql } from "kysely";
import type { DataType } from "../../core/catalog.ts";
import type { OrgKey } from "../../core/org.ts";
import type { CustomModule, CustomPickListValue } from "../../core/standard-catalog.ts";
import type { CustomFieldRow, MetadataRows } from "../ports/metadata.ts";
import { type Database, arg, found, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

/** Custom modules and fields; what was removed keeps its row, with the time. */
export function sqlMetadata(db: Database): MetadataRows {
  return { ...moduleStatements(db), ...fieldStatements(db), ...touchStatements(db) };
}

function moduleStatements(db: Database): Pick<MetadataRows, "insertModule" | "updateModule" | "removeModule" | "modulesOf" | "hadModule"> {
  const q = db.builder;
  const ofOrg = q.selectFrom("custom_modules").where("org", "=", arg<number>("org"));
  const insert = db.run(
    q
      .insertInto("custom_modules")
      .values(rowOf<"custom_modules">(["org", "sequence", "api_name", "module_name", "singular_label", "plural_label", "deleted_at"])),
  );
  const change = q.updateTable("custom_modules").where("org", "=", arg<number>("org")).where("sequence", "=", arg<number>("sequence"));
  const update = db.run(change.set(rowOf<"custom_modules">(["singular_label", "plural_label"])));
  const remove = db.run(change.set(rowOf<"custom_modules">(["deleted_at"])));
  const all = db.all(ofOrg.selectAll().where("deleted_at", "is", null).orderBy("sequence"));
  const removed = db.first(
    ofOrg
      .select("sequence")
      .where("deleted_at", "is not", null)
      .where((row) => row(db.dialect.lower(sql.ref("api_name")), "=", arg<string>("api_name"))),
  );
  return {
    insertModule: async (org, module) => void (await insert({ ...writeModule(org, module), deleted_at: null })),
    updateModule: async (org, module) => void (await update({ ...writeModule(org, module) })),
    removeModule: async (org, sequence, at) => void (await remove({ org, sequence, deleted_at: at })),
    modulesOf: async (org) => (await all({ org })).map(readModule),
    hadModule: async (org, apiName) => (await removed({ org, api_name: apiName.toLowerCase() })) !== null,
  };
}

function fieldStatements(
  db: Database,
): Pick<MetadataRows, "insertField" | "updateField" | "removeField" | "fieldsOf" | "countFields" | "hadField" | "lastFieldSequence"> {
  const q = db.builder;
  const columns = [
    "org",
    "module",
    "sequence",
    "api_name",
    "label",
    "data_type",
    "length",
    "is_mandatory",
    "is_unique",
    "pick_list_values",
    "pick_list_sequence",
    "lookup_module",
    "created_at",
    "modified_at",
    "deleted_at",
  ] as const;
  const ofOrg = q.selectFrom("custom_fields").where("org", "=", arg<number>("org"));
  const insert = db.run(q.insertInto("custom_fields").values(rowOf<"custom_fields">(columns)));
  const change = q
    .updateTable("custom_fields")
    .where("org", "=", arg<number>("org"))
    .where("module", "=", arg<string>("module"))
    .where("sequence", "=", arg<number>("sequence"));
  const update = db.run(change.set(rowOf<"custom_fields">(["label", "length", "pick_list_values", "modified_at"])));
  const remove = db.run(change.set(rowOf<"custom_fields">(["deleted_at"])));
  const all = db.all(ofOrg.selectAll().where("deleted_at", "is", null).orderBy("created_at").orderBy("sequence"));
  const count = db.first(
    ofOrg
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("module", "=", arg<string>("module"))
      .where("deleted_at", "is", null),
  );
  const removed = db.first(
    ofOrg
      .select("sequence")
      .where("module", "=", arg<string>("module"))
      .where("api_name", "=", arg<string>("api_name"))
      .where("deleted_at", "is not", null),
  );
  const last = db.first(
    ofOrg
      .select("sequence")
      .where("sequence", ">=", arg<number>("from"))
      .where("sequence", "<=", arg<number>("until"))
      .orderBy("sequence", "desc"),
  );
  return {
    insertField: async (org, field) => void (await insert({ ...writeField(org, field), deleted_at: null })),
    updateField: async (org, field) => void (await update({ ...writeField(org, field) })),
    removeField: async (org, { module, sequence }, at) => void (await remove({ org, module, sequence, deleted_at: at })),
    fieldsOf: async (org) => (await all({ org })).map(readField),
    countFields: async (org, module) => found(await count({ org, module })).count,
    hadField: async (org, module, apiName) => (await removed({ org, module, api_name: apiName })) !== null,
    lastFieldSequence: async (org, range) => (await last({ org, ...range }))?.sequence ?? null,
  };
}

function touchStatements(db: Database): Pick<MetadataRows, "touch" | "touchedAt"> {
  const q = db.builder;
  const touch = db.run(
    q
      .insertInto("module_touches")
      .values(rowOf<"module_touches">(["org", "module", "at"]))
      .onConflict((conflict) => conflict.columns(["org", "module"]).doUpdateSet({ at: arg<number>("at") })),
  );
  const all = db.all(q.selectFrom("module_touches").selectAll().where("org", "=", arg<number>("org")));
  return {
    touch: async (org, module, at) => void (await touch({ org, module, at })),
    touchedAt: async (org) => new Map((await all({ org })).map((row) => [row.module, row.at])),
  };
}

function writeModule(org: OrgKey, module: CustomModule): Omit<Tables["custom_modules"], "deleted_at"> {
  return {
    org,
    sequence: module.sequence,
    api_name: module.apiName,
    module_name: module.moduleName,
    singular_label: module.singularLabel,
    plural_label: module.pluralLabel,
  };
}

function readModule(row: Tables["custom_modules"]): CustomModule {
  return {
    sequence: row.sequence,
    apiName: row.api_name,
    moduleName: row.module_name,
    singularLabel: row.singular_label,
    pluralLabel: row.plural_label,
  };
}

function writeField(org: OrgKey, field: CustomFieldRow): Omit<Tables["custom_fields"], "deleted_at"> {
  return {
    org,
    module: field.module,
    sequence: field.sequence,
    api_name: field.apiName,
    label: field.label,
    data_type: field.dataType,
    length: field.length,
    is_mandatory: Number(field.isMandatory),
    is_unique: Number(field.isUnique === true),
    pick_list_values: JSON.stringify(field.pickListValues),
    pick_list_sequence: field.pickListSequence,
    lookup_module: field.lookupModule,
    created_at: field.createdAt,
    modified_at: field.modifiedAt,
  };
}

function readField(row: Tables["custom_fields"]): CustomFieldRow {
  return {
    module: row.module,
    sequence: row.sequence,
    apiName: row.api_name,
    label: row.label,
    dataType: row.data_type as DataType,
    length: row.length,
    isMandatory: row.is_mandatory === 1,
    ...(row.is_unique === 1 ? { isUnique: true } : {}),
    pickListValues: JSON.parse(row.pick_list_values) as CustomPickListValue[],
    pickListSequence: row.pick_list_sequence,
    lookupModule: row.lookup_module,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
