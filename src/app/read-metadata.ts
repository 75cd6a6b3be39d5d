/** What the org's modules and fields are, in the form of the version that asks. */
import type { Field, Module } from "../core/catalog.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { type FieldInPlace, renderField } from "../wire/metadata-field.ts";
import { renderModule, renderModuleDetail } from "../wire/metadata-module.ts";
import { type VersionName, versions } from "../wire/versions.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

export async function listModules(context: Context, input: Input<"metadata.modules">): Promise<Output<"metadata.modules">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  return home.catalog.modules.map((module) => renderModule(module));
}

/** The module with this API name or id. */
export async function getModule(context: Context, input: Input<"metadata.module">): Promise<Output<"metadata.module">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = home.catalog.module(input.module) ?? home.catalog.moduleById(input.module);
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: 2 });
  return ok(renderModuleDetail(module, home.catalog, versions[input.version]));
}

export async function listFields(context: Context, input: Input<"metadata.fields">): Promise<Output<"metadata.fields">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  return ok(module.value.fields.map((field) => renderField(placed(home, input.version, { field, module: module.value }))));
}

/** The field with this id; null when the module has none. */
export async function getField(context: Context, input: Input<"metadata.field">): Promise<Output<"metadata.field">> {
  const home = await context.directory.home(context.tx, input.caller.org);
  const module = moduleOfParameter(home, input.module);
  if (!module.ok) return module;
  const field = module.value.fields.find((candidate) => candidate.id === input.id);
  return ok(field === undefined ? null : renderField(placed(home, input.version, { field, module: module.value })));
}

function placed(home: Home, version: VersionName, what: { field: Field; module: Module }): FieldInPlace {
  return { ...what, catalog: home.catalog, version: versions[version] };
}

function moduleOfParameter(home: Home, name: string): Result<Module> {
  const module = home.catalog.module(name);
  return module === undefined ? refuse({ code: "module_invalid", param: "module" }) : ok(module);
}
