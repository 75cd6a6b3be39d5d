/** What the items of `/settings/fields` and `/settings/modules` have in common. A key that is null counts as absent. */
import { isApiName } from "../core/custom-field.ts";
import { readId } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import type { Path } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Result } from "../core/result.ts";
import { givenAt, isObject } from "./lossless-json.ts";
import type { JsonObject } from "./lossless-json.ts";
import { countChars } from "./record-value.ts";

/** The items of a body under `key`; refused when it has none, or more than `max`. */
export function readMetadataItems(body: unknown, key: "fields" | "modules", max: number): Result<readonly unknown[]> {
  if (!isObject(body)) return refuse({ code: "body_malformed" });
  const items = givenAt(body, key);
  if (items === undefined) return refuse({ code: "mandatory_missing", path: [key] });
  if (!Array.isArray(items)) return refuse({ code: "value_invalid", path: [key], expectedType: "jsonarray" });
  if (items.length === 0) return refuse({ code: "mandatory_missing", path: [key] });
  return items.length > max ? refuse({ code: "too_many_items", path: [key], limit: max }) : ok(items);
}

/** A text that is not blank, without blanks at its ends. */
export function readText(item: JsonObject, key: string, { path, charsMax }: { path: Path; charsMax: number }): Result<string | undefined> {
  const given = givenAt(item, key);
  if (given === undefined) return ok(undefined);
  const text = typeof given === "string" ? given.trim() : "";
  if (text === "" || /\p{Cc}/u.test(text)) return refuse({ code: "value_invalid", path: [...path, key], expectedType: "text" });
  if (countChars(text) > charsMax) return refuse({ code: "value_invalid", path: [...path, key], maximumLength: charsMax });
  return ok(text);
}

/** The item's own id; null when it has none. */
export function readOwnId(item: JsonObject, path: Path): Result<Id | null> {
  const given = givenAt(item, "id");
  if (given === undefined) return ok(null);
  const id = readId(given);
  return id === null ? refuse({ code: "value_invalid", path: [...path, "id"], expectedType: "bigint" }) : ok(id);
}

export function readApiName(item: JsonObject, path: Path): Result<string | undefined> {
  const given = givenAt(item, "api_name");
  if (given === undefined) return ok(undefined);
  return typeof given === "string" && isApiName(given) ? ok(given) : refuse({ code: "value_invalid", path: [...path, "api_name"] });
}
