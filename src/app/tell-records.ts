/** What a notification tells of changed records: the fields that a delete names, and values in their wire form. */
import type { Module } from "../core/catalog.ts";
import type { Id } from "../core/ids.ts";
import type { Change, Values } from "../core/record.ts";
import { renderValue } from "../wire/record-response.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";
import { lookupsOf, renderContext } from "./names.ts";
import type { WriteDone } from "./notify.ts";

type Told = {
  readonly module: Module;
  /** In the order in which they were made. `after` may hold the changed fields alone, those that hold nothing any more as null. */
  readonly changes: readonly Pick<Change, "recordId" | "after">[];
  readonly by: Id;
};

export function recordTeller(
  context: Context,
  home: Home,
  { module, changes, by }: Told,
): Pick<WriteDone, "lookupsOf" | "deletion" | "renderFields"> {
  const latest = new Map<Id, Values>();
  for (const { recordId, after } of changes) latest.set(recordId, { ...latest.get(recordId), ...after });
  return {
    lookupsOf: (values) => lookupsOf(module, values).map((lookup) => ({ module: lookup.module, recordId: lookup.id })),
    deletion: { fields: ["Modified_By", "Record_Status__s"], values: { Modified_By: userRef(home, by), Record_Status__s: 0 } },
    renderFields: async (recordId, names) => {
      const values = latest.get(recordId) ?? {};
      const rendering = await renderContext(context, home, { module, values: [values] });
      const fields = module.fields.filter((field) => names.includes(field.apiName));
      return Object.fromEntries(fields.map((field) => [field.apiName, renderValue(field, values[field.apiName] ?? null, rendering)]));
    },
  };
}
