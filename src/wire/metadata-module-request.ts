/** What a request to `/settings/modules` orders, item by item (O26): mandatory keys first, and the first error is the item's. */
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { givenAt, isObject } from "./lossless-json.ts";
import type { JsonObject } from "./lossless-json.ts";
import { readApiName, readOwnId, readText } from "./metadata-keys.ts";

export type NewModuleOrder = {
  readonly singularLabel: string;
  readonly pluralLabel: string;
  /** null: one is made from the plural label. */
  readonly apiName: string | null;
  readonly profileIds: readonly Id[];
};

export type ModuleChangeOrder = {
  readonly id: Id | null;
  readonly singularLabel: string | undefined;
  readonly pluralLabel: string | undefined;
  readonly apiName: string | undefined;
};

/** Reads an item of POST /settings/modules. */
export function readNewModule(item: unknown, index: number): Result<NewModuleOrder> {
  const path: Path = ["modules", index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const missing = ["plural_label", "singular_label", "profiles"].find((key) => givenAt(item, key) === undefined);
  if (missing !== undefined) return refuse({ code: "mandatory_missing", path: [...path, missing] });
  const labels = readLabels(item, path);
  if (!labels.ok) return labels;
  const apiName = readApiName(item, path);
  if (!apiName.ok) return apiName;
  const profileIds = readProfiles(givenAt(item, "profiles"), [...path, "profiles"]);
  if (!profileIds.ok) return profileIds;
  return ok({
    singularLabel: labels.value.singularLabel ?? "",
    pluralLabel: labels.value.pluralLabel ?? "",
    apiName: apiName.value ?? null,
    profileIds: profileIds.value,
  });
}

/** Reads an item of PUT or PATCH /settings/modules; its profiles are taken and not kept. */
export function readModuleChange(item: unknown, index: number): Result<ModuleChangeOrder> {
  const path: Path = ["modules", index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const id = readOwnId(item, path);
  if (!id.ok) return id;
  const labels = readLabels(item, path);
  if (!labels.ok) return labels;
  const apiName = readApiName(item, path);
  if (!apiName.ok) return apiName;
  return ok({ id: id.value, ...labels.value, apiName: apiName.value });
}

function readLabels(item: JsonObject, path: Path): Result<Pick<ModuleChangeOrder, "singularLabel" | "pluralLabel">> {
  const read = new Map<string, string | undefined>();
  for (const key of ["plural_label", "singular_label"]) {
    const label = readText(item, key, { path, charsMax: limits.moduleLabelCharsMax });
    if (!label.ok) return label;
    // Letters, digits and blanks, says the page of v6.
    if (label.value !== undefined && !/^[\p{L}\p{M}\p{N} ]+$/u.test(label.value)) {
      return refuse({ code: "value_invalid", path: [...path, key] });
    }
    read.set(key, label.value);
  }
  return ok({ pluralLabel: read.get("plural_label"), singularLabel: read.get("singular_label") });
}

function readProfiles(given: unknown, path: Path): Result<readonly Id[]> {
  if (!Array.isArray(given)) return refuse({ code: "value_invalid", path, expectedType: "jsonarray" });
  if (given.length === 0) return refuse({ code: "mandatory_missing", path });
  const maximumLength = limits.profilesPerModuleMax;
  if (given.length > maximumLength) return refuse({ code: "value_invalid", path, maximumLength });
  const ids: Id[] = [];
  for (const [index, profile] of given.entries()) {
    if (!isObject(profile)) return refuse({ code: "value_invalid", path: [...path, index], expectedType: "jsonobject" });
    const idGiven = givenAt(profile, "id");
    if (idGiven === undefined) return refuse({ code: "mandatory_missing", path: [...path, index, "id"] });
    const id = readId(idGiven);
    if (id === null) return refuse({ code: "value_invalid", path: [...path, index, "id"], expectedType: "bigint" });
    ids.push(id);
  }
  return ok(ids);
}
