/** The names that lookups print, read before rendering: rendering itself asks no database. */
import type { Module } from "../core/catalog.ts";
import type { Id } from "../core/ids.ts";
import { factsOf } from "../core/module-facts.ts";
import type { Values } from "../core/record.ts";
import { lookupModuleKey } from "../wire/record-request.ts";
import { type RenderContext, recordName } from "../wire/record-response.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";

export type Lookup = { readonly module: string; readonly id: Id };

/** The records that the values look up; a lookup of any module counts when the record says which one. */
export function lookupsOf(module: Module, values: Values): readonly Lookup[] {
  return factsOf(module).lookups.flatMap((field) => {
    const id = values[field.apiName];
    const target = field.lookupModule === lookupModuleKey ? values[lookupModuleKey] : field.lookupModule;
    return typeof id === "string" && typeof target === "string" ? [{ module: target, id }] : [];
  });
}

/** What `renderRecord` and `renderValue` need for rows of this module. */
export async function renderContext(
  context: Context,
  home: Home,
  rows: { module: Module; values: readonly Values[] },
): Promise<RenderContext> {
  const names = new Map<string, string>();
  for (const values of rows.values) {
    for (const { module, id } of lookupsOf(rows.module, values)) {
      if (names.has(`${module} ${id}`)) continue;
      const name = await nameOf(context, home, { module, id });
      if (name === null) continue;
      names.set(`${module} ${id}`, name);
      names.set(`${lookupModuleKey} ${id}`, name);
    }
  }
  return {
    module: rows.module,
    timeZone: home.org.timeZone,
    nameOf: (module, id) => names.get(`${module} ${id}`) ?? null,
    userOf: (id) => userRef(home, id),
  };
}

async function nameOf(context: Context, home: Home, lookup: Lookup): Promise<string | null> {
  const module = home.catalog.module(lookup.module);
  if (module === undefined) return null;
  const values = await context.tx.records.valuesOf(home.org.key, module.apiName, lookup.id);
  return values === null ? null : recordName(module, values);
}
