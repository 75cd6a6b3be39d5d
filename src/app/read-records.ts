/** Reads records in their wire form: one, or a page of a module's. */
import type { Module } from "../core/catalog.ts";
import { readId } from "../core/ids.ts";
import type { OrgKey } from "../core/org.ts";
import type { CrmRecord } from "../core/record.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Json } from "../wire/json.ts";
import { currencySymbol } from "../wire/org.ts";
import { renderRecord } from "../wire/record-response.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { renderContext } from "./names.ts";

export async function getRecord(context: Context, input: Input<"records.get">): Promise<Output<"records.get">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = servedModule(home, input.module);
  if (!module.ok) return module;
  const id = readId(input.id);
  if (id === null) return refuse({ code: "id_malformed_in_path", pathIndex: 1 });
  const record = await context.tx.records.get(home.org.key, module.value.apiName, id);
  if (record === null) return ok(null);
  const [row = null] = await renderRows(context, home, { module: module.value, records: [record], fields: null });
  return ok(row);
}

export async function listRecords(context: Context, input: Input<"records.list">): Promise<Output<"records.list">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = servedModule(home, input.module);
  if (!module.ok) return module;
  const { page, perPage } = input.page;
  const records =
    input.ids === null
      ? await context.tx.records.list({
          org: home.org.key,
          module: module.value.apiName,
          sort: { by: input.sortBy, order: input.sortOrder },
          offset: (page - 1) * perPage,
          limit: perPage + 1,
        })
      : (await recordsWithIds(context, home.org.key, { module: module.value, ids: input.ids })).slice(
          (page - 1) * perPage,
          page * perPage + 1,
        );
  const rows = await renderRows(context, home, { module: module.value, records: records.slice(0, perPage), fields: input.fields });
  return ok({ rows, hasMore: records.length > perPage });
}

function servedModule(home: Home, name: string): Result<Module> {
  const module = home.catalog.module(name);
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: 0 });
  return module.isApiSupported ? ok(module) : refuse({ code: "module_not_supported", pathIndex: 0 });
}

async function recordsWithIds(
  context: Context,
  org: OrgKey,
  wanted: { module: Module; ids: readonly string[] },
): Promise<readonly CrmRecord[]> {
  const records = [];
  for (const given of new Set(wanted.ids)) {
    const id = readId(given);
    const record = id === null ? null : await context.tx.records.get(org, wanted.module.apiName, id);
    if (record !== null) records.push(record);
  }
  return records;
}

async function renderRows(
  context: Context,
  home: Home,
  shown: { module: Module; records: readonly CrmRecord[]; fields: readonly string[] | null },
): Promise<readonly Json[]> {
  const rendering = await renderContext(context, home, { module: shown.module, values: shown.records.map((record) => record.values) });
  const symbol = currencySymbol(home.org.currency);
  return shown.records.map((record) => renderRecord(record, { ...rendering, fields: shown.fields, currencySymbol: symbol }));
}
