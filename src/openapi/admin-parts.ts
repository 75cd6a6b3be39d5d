/** What the descriptions of the admin API are made of. */
import type { Answers } from "./description.ts";
import { jsonBody } from "./description.ts";
import { ownErrors } from "./own-errors.ts";
import { query } from "./parameters.ts";
import type { Properties, Schema } from "./schema.ts";
import { count, given, list, noted, orNull, ref, shape, text } from "./schema.ts";

export const instant = noted(text(), "Epoch milliseconds, a date, or a date-time with an offset.");
export const cursor = query("cursor", count(), "The next_cursor of the page before.");
export const rowLimit = (max: number) => query("limit", { ...count({ min: 1, max }), default: 50 }, "Rows a page.");
export const pageOf = (key: string, schema: string): Schema => shape({ [key]: list(ref(schema)), next_cursor: orNull(text()) });
export const unknown: Answers = { 404: ownErrors("not_found") };
export const badParameter: Answers = { 400: ownErrors("invalid_parameter") };
export const badBody: Answers = { 400: ownErrors("invalid_parameter", "invalid_body") };

export function optional(properties: Properties) {
  return { ...jsonBody(given(properties)), isRequired: false };
}
