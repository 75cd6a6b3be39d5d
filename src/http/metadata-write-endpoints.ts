/** Custom fields and modules: `POST`, `PATCH`, `PUT` and `DELETE` below `/settings/fields` and `/settings/modules` (O26). */
import type { Operation } from "../core/channel.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { metadataAnswer } from "../wire/metadata-answer.ts";
import { readMetadataItems } from "../wire/metadata-keys.ts";
import { metadataWritesFromVersion } from "../wire/versions.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { findPathFault, pathPart } from "./crm-endpoint.ts";
import { readModule } from "./metadata-endpoints.ts";

export function makeFields(call: CrmCall): Promise<Result<CrmReply>> {
  return writeFields(call, "insert", null);
}

/** PATCH with the `id` in each item. */
export function changeFields(call: CrmCall): Promise<Result<CrmReply>> {
  return writeFields(call, "update", null);
}

export function changeField(call: CrmCall): Promise<Result<CrmReply>> {
  return writeFields(call, "update", pathPart(call.params, "id"));
}

export function deleteField(call: CrmCall): Promise<Result<CrmReply>> {
  return writeFields(call, "delete", pathPart(call.params, "id"));
}

export function makeModules(call: CrmCall): Promise<Result<CrmReply>> {
  return writeModules(call, "insert", null);
}

/** PUT or PATCH with the `id` in each item. */
export function changeModules(call: CrmCall): Promise<Result<CrmReply>> {
  return writeModules(call, "update", null);
}

export function changeModule(call: CrmCall): Promise<Result<CrmReply>> {
  return writeModules(call, "update", pathPart(call.params, "name"));
}

export function deleteModule(call: CrmCall): Promise<Result<CrmReply>> {
  return writeModules(call, "delete", pathPart(call.params, "name"));
}

async function writeFields(call: CrmCall, operation: Operation, idInPath: string | null): Promise<Result<CrmReply>> {
  if (!call.version.writesMetadata) return refuseVersion();
  const module = readModule(call.query);
  if (!module.ok) return module;
  const items = operation === "delete" ? ok([idInPath]) : await readItems(call, "fields", limits.customFieldsPerWriteMax);
  if (!items.ok) return items;
  const { engine, caller } = call;
  const written = await engine.run("metadata.writeFields", { caller, module: module.value, operation, items: items.value, idInPath });
  return answered(call, written, { key: "fields", operation });
}

/** Labels could be changed in every version; making and deleting modules came later. */
async function writeModules(call: CrmCall, operation: Operation, nameInPath: string | null): Promise<Result<CrmReply>> {
  if (operation !== "update" && !call.version.writesMetadata) return refuseVersion();
  const items = operation === "delete" ? ok([nameInPath]) : await readItems(call, "modules", limits.customModulesPerWriteMax);
  if (!items.ok) return items;
  const { engine, caller } = call;
  const written = await engine.run("metadata.writeModules", { caller, operation, items: items.value, nameInPath });
  return answered(call, written, { key: "modules", operation });
}

async function readItems(call: CrmCall, key: "fields" | "modules", max: number): Promise<Result<readonly unknown[]>> {
  const body = await call.readJson();
  return body.ok ? readMetadataItems(body.value, key, max) : body;
}

function answered(
  { version }: CrmCall,
  written: Result<readonly Result<{ readonly id: Id }>[]>,
  what: { readonly key: "fields" | "modules"; readonly operation: Operation },
): Result<CrmReply> {
  if (!written.ok) return written;
  const pathFault = findPathFault(written.value);
  return pathFault === null ? ok(metadataAnswer(written.value, { ...what, version })) : refuse(pathFault);
}

function refuseVersion(): Result<never> {
  return refuse({ code: "version_unsupported", supportedVersion: metadataWritesFromVersion });
}
