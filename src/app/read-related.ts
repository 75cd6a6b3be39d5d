/** Reads what hangs on a record: the records that look it up, its notes among them, and those that are linked to it (PROTOCOL F.1). */
import type { Module } from "../core/catalog.ts";
import { type Id, readId } from "../core/ids.ts";
import type { CrmRecord, Values } from "../core/record.ts";
import { type RelatedList, findRelatedList } from "../core/related-list.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Json } from "../wire/json.ts";
import { lookupModuleKey } from "../wire/record-request.ts";
import { renderLinked } from "../wire/related-response.ts";
import type { LinkRow, LinkedRecord } from "../store/ports/links.ts";
import type { Input, ListOrder, Output, RelationPath } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { boundsOf } from "./list-pages.ts";
import { renderRows, servedModule } from "./read-records.ts";

/** A record that is there, one of its related lists, and the module whose records that lists. */
export type Relating = {
  readonly home: Home;
  readonly module: Module;
  readonly id: Id;
  readonly list: RelatedList;
  readonly related: Module;
};

export async function listRelated(context: Context, input: Input<"related.list">): Promise<Output<"related.list">> {
  const found = await findRelation(context, input.caller.org, input.path);
  if (!found.ok) return found;
  const { perPage } = input.page;
  const records = await readRelated(context, found.value, input);
  const rows = await renderRelated(context, found.value, { records: records.slice(0, perPage), fields: input.fields });
  return ok({ rows, hasMore: records.length > perPage, module: found.value.related.apiName });
}

/** One record of the list; null when the list does not have it. */
export async function getRelated(context: Context, input: Input<"related.get">): Promise<Output<"related.get">> {
  const found = await findRelation(context, input.caller.org, input.path);
  if (!found.ok) return found;
  const id = readId(input.relatedId);
  if (id === null) return refuse({ code: "id_malformed_in_path", pathIndex: 3 });
  const linked = await relatedRecord(context, found.value, id);
  if (linked === null) return ok(null);
  const [row = null] = await renderRelated(context, found.value, { records: [linked], fields: null });
  return ok({ row, modifiedAt: linked.record.modifiedAt, module: found.value.related.apiName });
}

/** Refusals: those of the module, `id_malformed_in_path`, `related_unknown` for a record that is not there, `relation_invalid`. */
export async function findRelation(context: Context, org: number, path: RelationPath): Promise<Result<Relating>> {
  const home = await context.directory.home(context.tx, org);
  const module = servedModule(home, path.module);
  if (!module.ok) return module;
  const list = findRelatedList(home.catalog, module.value, path.list);
  const related = list === undefined ? undefined : home.catalog.module(list.module);
  if (list === undefined || related === undefined) return refuse({ code: "relation_invalid", pathIndex: 2 });
  const id = readId(path.id);
  if (id === null) return refuse({ code: "id_malformed_in_path", pathIndex: 1 });
  const record = await context.tx.records.get(org, module.value.apiName, id);
  if (record === null) return refuse({ code: "related_unknown", pathIndex: 1 });
  return ok({ home, module: module.value, id, list, related });
}

/** The record with this id when it is in the list, with the values of its link; else null. */
export async function relatedRecord({ tx }: Context, relating: Relating, id: Id): Promise<LinkedRecord | null> {
  const { home, module, list, related } = relating;
  const record = await tx.records.get(home.org.key, related.apiName, id);
  if (record === null) return null;
  if (list.relation.kind === "link") {
    const values = await tx.links.valuesOf(home.org.key, endsOf(relating, id));
    return values === null ? null : { record, values };
  }
  const parentModule = parentModuleOf(relating);
  const looksUp = record.values[list.relation.field] === relating.id;
  const isOfModule = parentModule === null || record.values[lookupModuleKey] === module.apiName;
  return looksUp && isOfModule ? { record, values: {} } : null;
}

/** The two ends of a link to the record with this id. */
export function endsOf({ module, id, related }: Relating, relatedId: Id): LinkRow["ends"] {
  return [
    { module: module.apiName, id },
    { module: related.apiName, id: relatedId },
  ];
}

async function readRelated(
  { tx }: Context,
  relating: Relating,
  listing: ListOrder & Pick<Input<"related.list">, "page" | "modifiedSince">,
): Promise<readonly LinkedRecord[]> {
  const { home, list, related, id } = relating;
  const { page, perPage } = listing.page;
  const asked = {
    org: home.org.key,
    module: related.apiName,
    sort: { by: listing.sortBy, order: listing.sortOrder },
    offset: (page - 1) * perPage,
    limit: perPage + 1,
    of: id,
    ...boundsOf({ modifiedSince: listing.modifiedSince, createdFrom: null, createdUntil: null }),
  };
  if (list.relation.kind === "link") return tx.links.list(asked);
  const { field } = list.relation;
  const records = await tx.records.listLookups({ ...asked, field, parentModule: parentModuleOf(relating) });
  return records.map((record) => ({ record, values: {} }));
}

/** What the records of the list must say in `$se_module`; null when their field points to one module anyway. */
function parentModuleOf({ home, module, list, related }: Relating): string | null {
  if (list.relation.kind === "link") return null;
  const field = home.catalog.field(related, list.relation.field);
  return field?.lookupModule === lookupModuleKey ? module.apiName : null;
}

async function renderRelated(
  context: Context,
  { home, list, related }: Relating,
  shown: { readonly records: readonly { record: CrmRecord; values: Values }[]; readonly fields: readonly string[] | null },
): Promise<readonly Json[]> {
  const records = shown.records.map(({ record }) => record);
  const rows = await renderRows(context, home, { module: related, records, fields: shown.fields });
  if (list.relation.kind !== "link") return rows;
  const keys = list.relation.values.filter((key) => shown.fields === null || shown.fields.includes(key));
  return rows.map((row, index) => renderLinked(row, shown.records[index]?.values ?? {}, keys));
}
