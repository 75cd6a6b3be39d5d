/** Keys that stand for what is not kept here, many of a kind: always null, or always a boolean. */
import type { Properties } from "./schema.ts";
import { flag, never } from "./schema.ts";

export function absent(...keys: readonly string[]): Properties {
  return Object.fromEntries(keys.map((key) => [key, never]));
}

export function flags(...keys: readonly string[]): Properties {
  return Object.fromEntries(keys.map((key) => [key, flag]));
}
