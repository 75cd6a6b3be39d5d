/** `/settings/modules`, `/settings/fields`, `/settings/layouts` and what belongs to them; `/org` (PROTOCOL F.2 to F.5; O26). */
import { idOf } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import type { Principal } from "../core/principal.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Json } from "../wire/json.ts";
import { type ModuleStatus, moduleStatuses } from "../wire/metadata-module.ts";
import { renderProfile, renderRole } from "../wire/role-profile.ts";
import { notModified, readModifiedSince } from "./conditional.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { found, nothing, pathPart } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readIdParam, readList, readOneOf, readText } from "./query.ts";

/** All modules, or those of some states, or those that changed since; 304 when none did. */
export async function listModules({ engine, caller, version, query, headers }: CrmCall): Promise<Result<CrmReply>> {
  const statuses = readStatuses(query);
  if (!statuses.ok) return statuses;
  const modifiedSince = readModifiedSince(headers["if-modified-since"]);
  const modules = await engine.run("metadata.modules", { caller, version: version.name, statuses: statuses.value, modifiedSince });
  return modules === null ? notModified : foundRows("modules", modules);
}

/** One module, by its API name or its id. */
export async function showModule({ engine, caller, version, params, headers }: CrmCall): Promise<Result<CrmReply>> {
  const modifiedSince = readModifiedSince(headers["if-modified-since"]);
  const module = await engine.run("metadata.module", { caller, version: version.name, module: pathPart(params, "name"), modifiedSince });
  if (!module.ok) return module;
  return module.value === null ? notModified : found({ modules: [module.value] });
}

export async function listFields({ engine, caller, version, query }: CrmCall): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const type = readOneOf(query, "type", { values: ["all", "used", "unused"], fallback: "all" });
  if (!type.ok) return type;
  const fields = await engine.run("metadata.fields", { caller, version: version.name, module: module.value, type: type.value });
  return fields.ok ? foundRows("fields", fields.value) : fields;
}

export async function showField({ engine, caller, version, params, query }: CrmCall): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const field = await engine.run("metadata.field", { caller, version: version.name, module: module.value, id: pathPart(params, "id") });
  if (!field.ok) return field;
  return field.value === null ? nothing : found({ fields: [field.value] });
}

export function listLayouts(call: CrmCall): Promise<Result<CrmReply>> {
  return layouts(call, null);
}

export function showLayout(call: CrmCall): Promise<Result<CrmReply>> {
  return layouts(call, pathPart(call.params, "id"));
}

/** The related lists of a module; a `layout_id` makes no difference, for a module has one layout. */
export function listRelatedLists(call: CrmCall): Promise<Result<CrmReply>> {
  return relatedLists(call, null);
}

export function showRelatedList(call: CrmCall): Promise<Result<CrmReply>> {
  return relatedLists(call, pathPart(call.params, "id"));
}

export function listUserProfiles({ principal }: CrmCall): Promise<Result<CrmReply>> {
  const info = { page: 1, per_page: 200, count: 1, more_records: false };
  return Promise.resolve(found({ profiles: [renderProfile(ownId(principal))], info }));
}

export function showUserProfile(call: CrmCall): Promise<Result<CrmReply>> {
  return Promise.resolve(foundOne("profiles", renderProfile(ownId(call.principal)), pathPart(call.params, "id")));
}

export function listRoles({ principal }: CrmCall): Promise<Result<CrmReply>> {
  return Promise.resolve(found({ roles: [renderRole(ownId(principal))] }));
}

export function showRole(call: CrmCall): Promise<Result<CrmReply>> {
  return Promise.resolve(foundOne("roles", renderRole(ownId(call.principal)), pathPart(call.params, "id")));
}

export async function showOrg({ engine, caller }: CrmCall): Promise<Result<CrmReply>> {
  return found({ org: [await engine.run("org.get", { caller })] });
}

/** `module`, which every request about fields and layouts must name. */
export function readModule(query: Query): Result<string> {
  const module = readText(query, "module");
  return module === null ? refuse({ code: "param_missing", param: "module" }) : ok(module);
}

async function layouts({ engine, caller, version, query, headers }: CrmCall, id: string | null): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const modifiedSince = readModifiedSince(headers["if-modified-since"]);
  const listed = await engine.run("metadata.layouts", { caller, version: version.name, module: module.value, id, modifiedSince });
  if (!listed.ok) return listed;
  return listed.value === null ? notModified : foundRows("layouts", listed.value);
}

async function relatedLists({ engine, caller, version, query }: CrmCall, id: string | null): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const layoutId = readIdParam(query, "layout_id");
  if (!layoutId.ok) return layoutId;
  const lists = await engine.run("metadata.relatedLists", { caller, version: version.name, module: module.value, id });
  return lists.ok ? foundRows("related_lists", lists.value) : lists;
}

function readStatuses(query: Query): Result<readonly ModuleStatus[] | null> {
  const given = readList(query, "status", moduleStatuses.length);
  if (!given.ok || given.value === null) return given.ok ? ok(null) : given;
  const statuses = moduleStatuses.filter((status) => given.value?.includes(status));
  const isKnown = (text: string) => moduleStatuses.some((status) => status === text);
  if (given.value.every(isKnown)) return ok(statuses);
  return refuse({ code: "param_invalid", param: "status", supportedValues: moduleStatuses });
}

function foundRows(key: string, rows: readonly Json[]): Result<CrmReply> {
  return rows.length === 0 ? nothing : found({ [key]: rows });
}

function foundOne(key: string, row: Readonly<Record<string, Json>>, id: string): Result<CrmReply> {
  return row.id === id ? found({ [key]: [row] }) : nothing;
}

/** An id of the caller's org, beside which its others stand. */
function ownId({ zgid }: Principal): Id {
  return idOf(zgid, 0);
}
