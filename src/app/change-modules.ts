/** Makes, changes and deletes custom modules (O26), item by item, each on its own. */
import type { Catalog, Module } from "../core/catalog.ts";
import { apiNameOf } from "../core/custom-field.ts";
import { type Id, idOf, sequenceOf } from "../core/ids.ts";
import type { Path } from "../core/refusal.ts";
import { isReservedName } from "../core/reserved-names.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { type ModuleChangeOrder, readModuleChange, readNewModule } from "../wire/metadata-module-request.ts";
import { profileOf } from "../wire/role-profile.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { insertCustomModule } from "./custom-metadata.ts";
import type { Home } from "./directory.ts";
import { putChannel, removeChannel } from "./keep-channel.ts";

/** Where the name or the id of a module stands in a path: `/settings/modules/{name}`. */
const namePathIndex = 2;

type Item = Pick<Input<"metadata.writeModules">, "operation" | "nameInPath"> & { readonly item: unknown; readonly index: number };

export async function writeModules(context: Context, input: Input<"metadata.writeModules">): Promise<Output<"metadata.writeModules">> {
  if (input.nameInPath !== null && input.items.length > 1) return refuse({ code: "too_many_items", path: ["modules"], limit: 1 });
  const results: Result<{ readonly id: Id }>[] = [];
  for (const [index, item] of input.items.entries()) {
    const home = await context.directory.home(context.tx, input.caller.org);
    results.push(await writeItem(context, home, { ...input, item, index }));
  }
  return ok(results);
}

function writeItem(context: Context, home: Home, item: Item): Promise<Result<{ readonly id: Id }>> {
  switch (item.operation) {
    case "insert":
      return insertItem(context, home, item);
    case "update":
      return updateItem(context, home, item);
    case "delete":
      return deleteItem(context, home, item);
  }
}

async function insertItem(context: Context, home: Home, { item, index }: Item): Promise<Result<{ readonly id: Id }>> {
  const order = readNewModule(item, index);
  if (!order.ok) return order;
  const path: Path = ["modules", index];
  const { singularLabel, pluralLabel, profileIds } = order.value;
  const stranger = profileIds.findIndex((id) => id !== profileOf(idOf(home.org.zgid, 0)).id);
  if (stranger !== -1) return refuse({ code: "value_invalid", path: [...path, "profiles", stranger, "id"] });
  const takenLabel = findTakenLabel(home.catalog, order.value, null);
  if (takenLabel !== null) return refuse({ code: "duplicate", path: [...path, takenLabel] });
  const isTaken = (name: string) => home.catalog.module(name) !== undefined || home.catalog.watchable(name) !== undefined;
  const given = order.value.apiName;
  if (given !== null && isReservedName(given)) return refuse({ code: "value_invalid", path: [...path, "api_name"] });
  if (given !== null && isTaken(given)) return refuse({ code: "duplicate", path: [...path, "api_name"] });
  const apiName = given ?? apiNameOf(pluralLabel, "Custom_Module", (name) => isReservedName(name) || isTaken(name));
  const sequence = await insertCustomModule(context, home.org.key, { apiName, singularLabel, pluralLabel });
  if (!sequence.ok) return sequence;
  await context.directory.renewCatalog(context.tx, home.org.key);
  return ok({ id: idOf(home.org.zgid, sequence.value) });
}

async function updateItem(context: Context, home: Home, at: Item): Promise<Result<{ readonly id: Id }>> {
  const order = readModuleChange(at.item, at.index);
  if (!order.ok) return order;
  const path: Path = ["modules", at.index];
  const name = at.nameInPath ?? order.value.id;
  if (name === null) return refuse({ code: "mandatory_missing", path: [...path, "id"] });
  const module = moduleNamed(home.catalog, name);
  if (module === undefined) {
    if (at.nameInPath !== null) return refuse({ code: "module_invalid", pathIndex: namePathIndex });
    return refuse({ code: "value_invalid", path: [...path, "id"] });
  }
  const { apiName, singularLabel = module.singularLabel, pluralLabel = module.pluralLabel } = order.value;
  if (apiName !== undefined && apiName !== module.apiName) return refuse({ code: "change_not_allowed", path: [...path, "api_name"] });
  if (singularLabel === module.singularLabel && pluralLabel === module.pluralLabel) return ok({ id: module.id });
  if (module.generatedType !== "custom") return refuse({ code: "change_not_allowed", path });
  const takenLabel = findTakenLabel(home.catalog, order.value, module);
  if (takenLabel !== null) return refuse({ code: "duplicate", path: [...path, takenLabel] });
  const { id, moduleName } = module;
  const row = { sequence: sequenceOf(id), apiName: module.apiName, moduleName, singularLabel, pluralLabel };
  await context.tx.metadata.updateModule(home.org.key, row);
  await context.tx.metadata.touch(home.org.key, module.apiName, context.now);
  await context.directory.renewCatalog(context.tx, home.org.key);
  return ok({ id });
}

/** Deletes the module with its fields, the lookups that point to it, and what channels watch of it; its records stay, unseen. */
async function deleteItem(context: Context, home: Home, { item }: Item): Promise<Result<{ readonly id: Id }>> {
  const { metadata } = context.tx;
  const org = home.org.key;
  const module = typeof item === "string" ? moduleNamed(home.catalog, item) : undefined;
  if (module === undefined) return refuse({ code: "module_invalid", pathIndex: namePathIndex });
  if (module.generatedType !== "custom") return refuse({ code: "change_not_allowed", pathIndex: namePathIndex });
  for (const field of await metadata.fieldsOf(org)) {
    if (field.module !== module.apiName && field.lookupModule !== module.apiName) continue;
    await metadata.removeField(org, field, context.now);
    await metadata.touch(org, field.module, context.now);
  }
  await metadata.removeModule(org, sequenceOf(module.id), context.now);
  await endWatching(context, home, module.apiName);
  await context.directory.renewCatalog(context.tx, org);
  return ok({ id: module.id });
}

/** Takes the module out of every channel that watches it; what is still owed of it is cancelled. */
async function endWatching(context: Context, home: Home, module: string): Promise<void> {
  const watchers = await context.directory.watchers(context.tx, home.org.key);
  for (const key of watchers.watching(module)) {
    const channel = await context.tx.channels.byKey(key);
    if (channel === null) continue;
    const subscriptions = channel.subscriptions.filter((subscription) => subscription.module !== module);
    if (subscriptions.length === 0) await removeChannel(context, home, channel);
    else await putChannel(context, home, { before: channel, channel: { ...channel, subscriptions, modifiedAt: context.now } });
  }
}

function moduleNamed(catalog: Catalog, name: string): Module | undefined {
  return catalog.module(name) ?? catalog.moduleById(name);
}

/** The key of the first label that another module has. */
function findTakenLabel(
  catalog: Catalog,
  labels: Pick<ModuleChangeOrder, "singularLabel" | "pluralLabel">,
  own: Module | null,
): "plural_label" | "singular_label" | null {
  const others = catalog.modules.filter((module) => module.id !== own?.id);
  const isTaken = (label: string | undefined) =>
    label !== undefined &&
    others.some((module) => [module.singularLabel, module.pluralLabel].some((taken) => taken.toLowerCase() === label.toLowerCase()));
  if (isTaken(labels.pluralLabel)) return "plural_label";
  return isTaken(labels.singularLabel) ? "singular_label" : null;
}
