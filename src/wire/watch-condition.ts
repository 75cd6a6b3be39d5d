/**
 * `notification_condition`: a list with one entry a module, each an and/or tree over fields (PROTOCOL C; v6 seed; DESIGN ruling 8).
 *
 *   [{ type: "field_selection", module: Ref, field_selection: Node }]
 *   Node = { field: Ref } | { group_operator: "and" | "or", group: [Node] or [Node, Node] }
 *   Ref  = { api_name, id }, one of the two or both
 *
 * Keys that are null count as absent, because a row of GET gives them so and clients send it back.
 */
import type { Catalog, Field, Module } from "../core/catalog.ts";
import type { Condition, FieldRef } from "../core/condition.ts";
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import type { Json } from "./json.ts";
import { givenAt, isObject } from "./lossless-json.ts";

export type ConditionOrder = {
  /** The module's API name. */
  readonly module: string;
  readonly condition: Condition;
};

export type ConditionContext = {
  readonly catalog: Catalog;
  /** Where `notification_condition` stands. */
  readonly path: Path;
  /** The API names that a condition may be about; null: any module's. */
  readonly modules: ReadonlySet<string> | null;
};

const selectionType = "field_selection";

/**
 * Reads the list. Refusals: `mandatory_missing`, `dependent_missing`, `one_of_missing`, `ambiguous`, and `value_invalid` for a wrong
 * type, an unknown value, a tree that is too large, a module outside `modules`, and a second entry for one module.
 */
export function readConditions(given: unknown, context: ConditionContext): Result<readonly ConditionOrder[]> {
  const { path } = context;
  if (!Array.isArray(given)) return refuse({ code: "value_invalid", path });
  if (given.length > limits.conditionsPerItemMax) {
    return refuse({ code: "value_invalid", path, maximumLength: limits.conditionsPerItemMax });
  }
  const orders = new Map<string, ConditionOrder>();
  for (const [index, entry] of given.entries()) {
    const order = readEntry(entry, { ...context, path: [...path, index] });
    if (!order.ok) return order;
    const { module } = order.value;
    if (orders.has(module)) return refuse({ code: "value_invalid", path: [...path, index, "module"] });
    orders.set(module, order.value);
  }
  return ok([...orders.values()]);
}

/** The list with the one entry that a subscription to `module` has; null without a condition (PROTOCOL A.2). */
export function renderCondition(condition: Condition | null, module: { readonly id: Id; readonly name: string }): Json {
  if (condition === null) return null;
  return [{ field_selection: renderNode(condition), module: { api_name: module.name, id: module.id }, type: selectionType }];
}

function renderNode(node: Condition): Json {
  if (node.kind === "field") return { field: { api_name: node.field.apiName, id: node.field.id }, group_operator: null, group: null };
  return { group_operator: node.operator, group: node.members.map(renderNode) };
}

function readEntry(entry: unknown, context: ConditionContext): Result<ConditionOrder> {
  const { path } = context;
  if (!isObject(entry)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const type = givenAt(entry, "type");
  const selection = givenAt(entry, "field_selection");
  const moduleRef = givenAt(entry, "module");

  if (type === undefined && selection === undefined) return refuse({ code: "mandatory_missing", path: [...path, "type"] });
  if (moduleRef === undefined) return refuse({ code: "mandatory_missing", path: [...path, "module"] });
  // Whichever of the two is absent, the documented answer names field_selection and, as its dependee, type.
  if (type === undefined || selection === undefined) {
    return refuse({ code: "dependent_missing", path: [...path, "field_selection"], dependee: [...path, "type"] });
  }
  if (typeof type !== "string") return refuse({ code: "value_invalid", path: [...path, "type"], expectedType: "text" });
  if (type !== selectionType) return refuse({ code: "value_invalid", path: [...path, "type"], supportedValues: [selectionType] });

  const module = readModule(moduleRef, context);
  if (!module.ok) return module;
  const condition = readSelection(selection, { catalog: context.catalog, module: module.value, entryPath: path });
  if (!condition.ok) return condition;
  return ok({ module: module.value.apiName, condition: condition.value });
}

function readModule(moduleRef: unknown, context: ConditionContext): Result<Module> {
  const path: Path = [...context.path, "module"];
  const module = readReference(moduleRef, path, {
    byName: (apiName) => context.catalog.module(apiName),
    byId: (id) => context.catalog.moduleById(id),
  });
  if (!module.ok || context.modules === null || context.modules.has(module.value.apiName)) return module;
  return refuse({ code: "value_invalid", path });
}

type TreeContext = { readonly catalog: Catalog; readonly module: Module; readonly entryPath: Path };

function readSelection(selection: unknown, context: TreeContext): Result<Condition> {
  const isTooMany = countGiven(selection, 0) > limits.conditionFieldsMax;
  if (isTooMany) return refuse({ code: "value_invalid", path: treePath(context, []), maximumLength: limits.conditionFieldsMax });
  return readNode(selection, [], context);
}

/**
 * Where a fault of the tree as such stands: the documents leave the entry's index out of the path for the two faults that have one, no
 * field and too many fields (PROTOCOL A.6).
 */
function treePath({ entryPath }: TreeContext, below: Path): Path {
  return [...entryPath.slice(0, -1), "field_selection", ...below];
}

/** Reads a node; `below` leads to it from `field_selection`. */
function readNode(node: unknown, below: Path, context: TreeContext): Result<Condition> {
  const path: Path = [...context.entryPath, "field_selection", ...below];
  if (!isObject(node)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const field = givenAt(node, "field");
  const group = givenAt(node, "group");
  const fieldPath: Path = [...path, "field"];
  const groupPath: Path = [...path, "group"];
  if (field !== undefined && group !== undefined) return refuse({ code: "ambiguous", paths: [fieldPath, groupPath] });
  if (field !== undefined) return readField(field, fieldPath, context);
  if (group === undefined) return refuse({ code: "mandatory_missing", path: treePath(context, [...below, "field"]) });

  const operator = readOperator(givenAt(node, "group_operator"), [...path, "group_operator"]);
  if (!operator.ok) return operator;
  if (!Array.isArray(group)) return refuse({ code: "value_invalid", path: groupPath, expectedType: "jsonarray" });
  if (group.length === 0 || below.length > 2 * limits.conditionDepthMax) return refuse({ code: "value_invalid", path: groupPath });
  if (group.length > limits.conditionGroupMembersMax) {
    return refuse({ code: "value_invalid", path: groupPath, maximumLength: limits.conditionGroupMembersMax });
  }
  const members: Condition[] = [];
  for (const [index, member] of group.entries()) {
    const read = readNode(member, [...below, "group", index], context);
    if (!read.ok) return read;
    members.push(read.value);
  }
  return ok({ kind: "group", operator: operator.value, members });
}

function readOperator(operator: unknown, path: Path): Result<"and" | "or"> {
  if (operator === undefined) return refuse({ code: "mandatory_missing", path });
  if (typeof operator !== "string") return refuse({ code: "value_invalid", path, expectedType: "text" });
  if (operator === "and" || operator === "or") return ok(operator);
  return refuse({ code: "value_invalid", path, supportedValues: ["or", "and"] });
}

function readField(fieldRef: unknown, path: Path, { catalog, module }: TreeContext): Result<Condition> {
  const found = readReference<Field>(fieldRef, path, {
    byName: (apiName) => catalog.field(module, apiName),
    byId: (id) => module.fields.find((field) => field.id === id),
  });
  if (!found.ok) return found;
  const field: FieldRef = { apiName: found.value.apiName, id: found.value.id };
  return ok({ kind: "field", field });
}

type Lookup<T> = { readonly byName: (apiName: string) => T | undefined; readonly byId: (id: Id) => T | undefined };

/** Reads a module or a field that is named by `api_name`, by `id`, or by both, which then have to agree. */
function readReference<T extends { readonly id: Id }>(reference: unknown, path: Path, lookup: Lookup<T>): Result<T> {
  if (!isObject(reference)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const namePath: Path = [...path, "api_name"];
  const idPath: Path = [...path, "id"];
  const apiName = givenAt(reference, "api_name");
  const idGiven = givenAt(reference, "id");
  if (apiName === undefined && idGiven === undefined) return refuse({ code: "one_of_missing", paths: [namePath, idPath] });
  if (apiName !== undefined && typeof apiName !== "string") {
    return refuse({ code: "value_invalid", path: namePath, expectedType: "string" });
  }
  if (idGiven !== undefined && !isIdLike(idGiven)) return refuse({ code: "value_invalid", path: idPath, expectedType: "string" });

  const id = readId(idGiven);
  if (apiName === undefined) {
    const found = id === null ? undefined : lookup.byId(id);
    return found === undefined ? refuse({ code: "value_invalid", path: idPath }) : ok(found);
  }
  const found = lookup.byName(apiName);
  if (found === undefined) return refuse({ code: "value_invalid", path: namePath });
  if (idGiven !== undefined && id !== found.id) return refuse({ code: "ambiguous", paths: [namePath, idPath] });
  return ok(found);
}

/** Ids are texts, and numbers are taken too (DESIGN ruling 13). */
function isIdLike(value: unknown): value is string | number | bigint {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}

/** How many fields the tree names, as it was sent; what lies too deep is not looked at. */
function countGiven(node: unknown, depth: number): number {
  if (!isObject(node) || depth > limits.conditionDepthMax) return 0;
  if (givenAt(node, "field") !== undefined) return 1;
  const group = givenAt(node, "group");
  if (!Array.isArray(group)) return 0;
  return group.reduce<number>((sum, member) => sum + countGiven(member, depth + 1), 0);
}
