/** What the org's modules, fields, layouts and related lists are, in the form of the version that asks. */
import type { Field, Module } from "../core/catalog.ts";
import { layoutOf } from "../core/module-layout.ts";
import { relatedListsOf } from "../core/related-list.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { type FieldInPlace, type MetadataContext, renderField } from "../wire/metadata-field.ts";
import { renderLayout } from "../wire/metadata-layout.ts";
import { moduleStatusOf, renderModule, renderModuleDetail } from "../wire/metadata-module.ts";
import { renderRelatedList } from "../wire/metadata-related-list.ts";
import { type VersionName, versions } from "../wire/versions.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

/** Those that changed since, as the SDKs expect it: they read the fields of just these again (CLIENTS 4). */
export async function listModules(context: Context, input: Input<"metadata.modules">): Promise<Output<"metadata.modules">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const { statuses, modifiedSince } = input;
  const changed = home.catalog.modules.filter((module) => isChanged(home, module, modifiedSince));
  if (changed.length === 0) return null;
  const wanted = changed.filter((module) => statuses === null || statuses.includes(moduleStatusOf(module)));
  return wanted.map((module) => renderModule(module, contextOf(home, input.version)));
}

/** The module with this API name or id; null when it did not change since. */
export async function getModule(context: Context, input: Input<"metadata.module">): Promise<Output<"metadata.module">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = home.catalog.module(input.module) ?? home.catalog.moduleById(input.module);
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: 2 });
  if (!isChanged(home, module, input.modifiedSince)) return ok(null);
  return ok(renderModuleDetail(module, contextOf(home, input.version)));
}

/** Every field is in the layout: none is unused. */
export async function listFields(context: Context, input: Input<"metadata.fields">): Promise<Output<"metadata.fields">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  const fields = input.type === "unused" ? [] : module.value.fields;
  return ok(fields.map((field) => renderField(placed(home, input.version, { field, module: module.value }))));
}

/** The field with this id; null when the module has none. */
export async function getField(context: Context, input: Input<"metadata.field">): Promise<Output<"metadata.field">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  const field = module.value.fields.find((candidate) => candidate.id === input.id);
  return ok(field === undefined ? null : renderField(placed(home, input.version, { field, module: module.value })));
}

export async function listLayouts(context: Context, input: Input<"metadata.layouts">): Promise<Output<"metadata.layouts">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  const layout = layoutOf(module.value);
  if (layout === null || (input.id !== null && input.id !== layout.id)) return ok([]);
  if (!isChanged(home, module.value, input.modifiedSince)) return ok(null);
  return ok([renderLayout(layout, { ...contextOf(home, input.version), module: module.value })]);
}

export async function listRelatedLists(context: Context, input: Input<"metadata.relatedLists">): Promise<Output<"metadata.relatedLists">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  const place = { ...contextOf(home, input.version), module: module.value };
  const lists = relatedListsOf(home.catalog, module.value).map((list, index) => ({
    id: list.id,
    row: renderRelatedList(list, { ...place, index }),
  }));
  return ok(lists.filter(({ id }) => input.id === null || input.id === id).map(({ row }) => row));
}

/**
 * Whether the module changed after `since`, to the millisecond: a client that asked in the same second, but before the change, must hear of
 * it. A module that never changed is as old as the org.
 */
function isChanged(home: Home, module: Module, since: number | null): boolean {
  return since === null || (module.modifiedAt ?? home.org.createdAt) > since;
}

function contextOf(home: Home, version: VersionName): MetadataContext {
  return { catalog: home.catalog, version: versions[version], timeZone: home.org.timeZone };
}

function placed(home: Home, version: VersionName, what: { field: Field; module: Module }): FieldInPlace {
  return { ...contextOf(home, version), ...what };
}

function moduleOfParameter(home: Home, name: string): Result<Module> {
  const module = home.catalog.module(name);
  return module === undefined ? refuse({ code: "module_invalid", param: "module" }) : ok(module);
}
