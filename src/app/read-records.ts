/** Reads records in their wire form: one, a page of a module's, how many there are, and what was deleted. */
import type { Module } from "../core/catalog.ts";
import { readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { CrmRecord } from "../core/record.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { renderDeleted } from "../wire/deleted-record.ts";
import type { Json } from "../wire/json.ts";
import { currencySymbol } from "../wire/org.ts";
import { recordName, renderRecord } from "../wire/record-response.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";
import { nextSecondMs, pageOfIds, pageOfModule, unfiltered } from "./list-pages.ts";
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
  return ok({ row, modifiedAt: record.modifiedAt });
}

export async function listRecords(context: Context, input: Input<"records.list">): Promise<Output<"records.list">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = servedModule(home, input.module);
  if (!module.ok) return module;
  const listing = { org: home.org.key, module: module.value };
  const asked = { ...input, pageToken: input.pageToken ?? null, filter: input.filter ?? unfiltered };
  const page =
    input.ids === null ? await pageOfModule(context, asked, listing) : await pageOfIds(context, asked, { ...listing, ids: input.ids });
  if (!page.ok) return page;
  const { records, ...rest } = page.value;
  return ok({ ...rest, rows: await renderRows(context, home, { module: module.value, records, fields: input.fields }) });
}

export async function countRecords(context: Context, input: Input<"records.count">): Promise<Output<"records.count">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = servedModule(home, input.module);
  return module.ok ? ok(await context.tx.records.count(home.org.key, module.value.apiName)) : module;
}

/** What was deleted, the newest first: from the bin, and for a while after the bin has let it go. */
export async function listDeletedRecords(context: Context, input: Input<"records.deleted">): Promise<Output<"records.deleted">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = servedModule(home, input.module);
  if (!module.ok) return module;
  const { page, perPage } = input.page;
  const binEndedAt = context.now - limits.recycleBinMs;
  const from = input.type === "recycle" ? binEndedAt : binEndedAt - limits.permanentlyDeletedMs;
  const records = await context.tx.records.listDeleted({
    org: home.org.key,
    module: module.value.apiName,
    after: input.modifiedSince === null ? from : Math.max(from, nextSecondMs(input.modifiedSince) - 1),
    until: input.type === "permanent" ? binEndedAt : context.now,
    offset: (page - 1) * perPage,
    limit: perPage + 1,
  });
  const rows = records.slice(0, perPage).map((record) => {
    const isPermanent = record.deletedAt <= binEndedAt;
    return renderDeleted({
      id: record.id,
      type: isPermanent ? "permanent" : "recycle",
      name: isPermanent ? null : recordName(module.value, record.values),
      deletedBy: isPermanent ? null : userRef(home, record.modifiedBy),
      createdBy: isPermanent ? null : userRef(home, record.createdBy),
      deletedAt: record.deletedAt,
      timeZone: home.org.timeZone,
    });
  });
  return ok({ rows, hasMore: records.length > perPage });
}

/** The module whose records are asked for; refused when there is none, or the API does not serve it. */
export function servedModule(home: Home, name: string): Result<Module> {
  const module = home.catalog.module(name);
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: 0 });
  return module.isApiSupported ? ok(module) : refuse({ code: "module_not_supported", pathIndex: 0 });
}

/** The records as rows of `data`, in their order. */
export async function renderRows(
  context: Context,
  home: Home,
  shown: { module: Module; records: readonly CrmRecord[]; fields: readonly string[] | null },
): Promise<readonly Json[]> {
  const rendering = await renderContext(context, home, { module: shown.module, values: shown.records.map((record) => record.values) });
  const symbol = currencySymbol(home.org.currency);
  return shown.records.map((record) => renderRecord(record, { ...rendering, fields: shown.fields, currencySymbol: symbol }));
}
