/** The answer to a write of custom fields or modules, item by item (O26). */
import type { Operation } from "../core/channel.ts";
import type { Id } from "../core/ids.ts";
import type { Result } from "../core/result.ts";
import { renderRefusal } from "./error-codes.ts";
import type { Json } from "./json.ts";
import { writeStatus } from "./record-response.ts";
import type { Version } from "./versions.ts";

export type MetadataAnswer = { readonly status: number; readonly body: Json };

const messages: Record<"fields" | "modules", Record<Operation, string>> = {
  fields: { insert: "field created", update: "field updated", delete: "field deleted" },
  modules: { insert: "module created successfully", update: "module updated successfully", delete: "module deleted successfully" },
};

/** All well: 201 for what was made, else 200. Failures have the statuses of records (O26: 400, and 207 for a mixed answer). */
export function metadataAnswer(
  results: readonly Result<{ readonly id: Id }>[],
  context: { readonly key: "fields" | "modules"; readonly operation: Operation; readonly version: Version },
): MetadataAnswer {
  const { key, operation, version } = context;
  const items = results.map((result) =>
    result.ok
      ? { code: "SUCCESS", details: { id: result.value.id }, message: messages[key][operation], status: "success" }
      : renderRefusal(result.error, version).body,
  );
  return { status: writeStatus(results, operation, version), body: { [key]: items } };
}
