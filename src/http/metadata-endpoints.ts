/** `/settings/modules`, `/settings/fields` and `/org` (PROTOCOL F.2, F.3, F.4). */
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { found, nothing, pathPart } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readText } from "./query.ts";

export async function listModules({ engine, caller, version }: CrmCall): Promise<Result<CrmReply>> {
  const modules = await engine.run("metadata.modules", { caller, version: version.name });
  return modules.length === 0 ? nothing : found({ modules });
}

/** One module, by its API name or its id. */
export async function showModule({ engine, caller, version, params }: CrmCall): Promise<Result<CrmReply>> {
  const module = await engine.run("metadata.module", { caller, version: version.name, module: pathPart(params, "name") });
  return module.ok ? found({ modules: [module.value] }) : module;
}

export async function listFields({ engine, caller, version, query }: CrmCall): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const fields = await engine.run("metadata.fields", { caller, version: version.name, module: module.value });
  if (!fields.ok) return fields;
  return fields.value.length === 0 ? nothing : found({ fields: fields.value });
}

export async function showField({ engine, caller, version, params, query }: CrmCall): Promise<Result<CrmReply>> {
  const module = readModule(query);
  if (!module.ok) return module;
  const field = await engine.run("metadata.field", { caller, version: version.name, module: module.value, id: pathPart(params, "id") });
  if (!field.ok) return field;
  return field.value === null ? nothing : found({ fields: [field.value] });
}

export async function showOrg({ engine, caller }: CrmCall): Promise<Result<CrmReply>> {
  return found({ org: [await engine.run("org.get", { caller })] });
}

function readModule(query: Query): Result<string> {
  const module = readText(query, "module");
  return module === null ? refuse({ code: "param_missing", param: "module" }) : ok(module);
}
