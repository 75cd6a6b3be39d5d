/** Looks into a JSON document whose form is known: what is not of the form that is asked for is empty. */
import type { Json } from "../wire/json.ts";

export type JsonNode = Readonly<Record<string, Json>>;

export function nodeOf(value: unknown): JsonNode {
  return isNode(value) ? value : {};
}

export function listOf(value: unknown): readonly Json[] {
  return isList(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isNode(value: unknown): value is JsonNode {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}
