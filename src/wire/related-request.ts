/** Items of a request that links records: `{"data":[{"id":"…","Member_Status":"…"}]}` (PROTOCOL F.1, Related records). */
import { type Id, readId } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Values } from "../core/record.ts";
import type { Path } from "../core/refusal.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { isObject, valueOf } from "./lossless-json.ts";

export type LinkOrder = {
  readonly id: Id;
  /** Only what the item says of the link itself. */
  readonly values: Values;
};

export type LinkItemContext = {
  /** The item's place in `data`. */
  readonly index: number;
  /** The id in the path; it wins over the item's own. */
  readonly idInPath: string | null;
  /** The keys that a link of this kind has. */
  readonly keys: readonly string[];
};

/** Reads one item. Refusals: `mandatory_missing`, `value_invalid`, `id_malformed_in_path`. Keys that no such link has are passed over. */
export function readLinkItem(item: unknown, { index, idInPath, keys }: LinkItemContext): Result<LinkOrder> {
  const path: Path = ["data", index];
  if (!isObject(item)) return refuse({ code: "value_invalid", path, expectedType: "jsonobject" });
  const given = idInPath ?? valueOf(item, "id") ?? null;
  if (given === null) return refuse({ code: "mandatory_missing", path: [...path, "id"] });
  const id = readId(given);
  if (id === null) {
    if (idInPath !== null) return refuse({ code: "id_malformed_in_path", pathIndex: 3 });
    return refuse({ code: "value_invalid", path: [...path, "id"], expectedType: "bigint" });
  }
  const values: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value = valueOf(item, key);
    if (value === undefined) continue;
    if (value !== null && typeof value !== "string" && typeof value !== "number") {
      return refuse({ code: "value_invalid", path: [...path, key], expectedType: "string" });
    }
    if (typeof value === "string" && value.length > limits.linkTextCharsMax) {
      return refuse({ code: "value_invalid", path: [...path, key], maximumLength: limits.linkTextCharsMax });
    }
    values[key] = value;
  }
  return ok({ id, values });
}
