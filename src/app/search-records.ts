/**
 * Looks through a module for the records that meet a search, the newest first. One command looks at so many records and no more, and says
 * where the next one goes on, so that a search of a large module keeps nobody waiting.
 */
import type { Module } from "../core/catalog.ts";
import type { Subject } from "../core/criteria.ts";
import { limits } from "../core/limits.ts";
import type { CrmRecord, Values } from "../core/record.ts";
import { type Search, isFound, needsNames } from "../core/record-search.ts";
import { ok } from "../core/result.ts";
import { boundsOfSearch } from "../core/search-bounds.ts";
import { recordName } from "../wire/record-response.ts";
import { readSearch } from "../wire/search-request.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { type Home, userRef } from "./directory.ts";
import { renderContext } from "./names.ts";
import { renderRows, servedModule } from "./read-records.ts";

export async function searchRecords(context: Context, input: Input<"records.search">): Promise<Output<"records.search">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const served = servedModule(home, input.module);
  if (!served.ok) return served;
  const module = served.value;
  const search = readSearch(input.search, module);
  if (!search.ok) return search;
  const records = await readStep(context, home, { module, search: search.value, afterId: input.afterId });
  const subjects = await subjectsOf(context, home, { module, records, hasNames: needsNames(search.value) });
  const met = records.filter((_, index) => {
    const subject = subjects[index];
    return subject !== undefined && isFound(search.value, module, subject);
  });
  const found = met.slice(input.skip, input.skip + input.take);
  const isDone = records.length < limits.recordsPerSearchStepMax || found.length === input.take;
  return ok({
    rows: await renderRows(context, home, { module, records: found, fields: input.fields }),
    skipped: Math.min(met.length, input.skip),
    goOnAfterId: isDone ? null : (records.at(-1)?.id ?? null),
  });
}

async function readStep(
  { tx }: Context,
  home: Home,
  { module, search, afterId }: { module: Module; search: Search; afterId: string | null },
): Promise<readonly CrmRecord[]> {
  const sort = { by: "id", order: "desc" } as const;
  const listing = { org: home.org.key, module: module.apiName, sort, limit: limits.recordsPerSearchStepMax, ...boundsOfSearch(search) };
  if (afterId === null) return tx.records.list({ ...listing, offset: 0 });
  return tx.records.listAfter({ ...listing, place: { value: afterId, id: afterId } });
}

async function subjectsOf(
  context: Context,
  home: Home,
  { module, records, hasNames }: { module: Module; records: readonly CrmRecord[]; hasNames: boolean },
): Promise<readonly Subject[]> {
  // A lookup without a module is one of users.
  const targets = new Map(module.fields.map((field) => [field.apiName, field.lookupModule]));
  const values = hasNames ? records.map((record) => record.values) : [];
  const rendering = await renderContext(context, home, { module, values });
  const nameOf: Subject["nameOf"] = (field, id) => {
    const target = targets.get(field) ?? null;
    return target === null ? (userRef(home, id)?.name ?? null) : rendering.nameOf(target, id);
  };
  return records.map((record) => ({ values: searchedValues(module, record), nameOf }));
}

/** What the record holds, and what it shows without holding it: its name, and what the server keeps of it. */
function searchedValues(module: Module, record: CrmRecord): Values {
  return {
    [module.nameField]: recordName(module, record.values),
    ...record.values,
    id: record.id,
    Created_Time: new Date(record.createdAt).toISOString(),
    Created_By: record.createdBy,
    Modified_Time: new Date(record.modifiedAt).toISOString(),
    Modified_By: record.modifiedBy,
  };
}
