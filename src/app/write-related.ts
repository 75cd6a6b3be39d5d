/**
 * Writes to a related list: links and unlinks records, and writes the notes of a record. A link is no record: making or ending one
 * changes neither end, so it notifies nobody. A note is a record, and its parent's watchers hear of it (DESIGN ruling 11).
 */
import { readId } from "../core/ids.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import { isObject } from "../wire/lossless-json.ts";
import { lookupModuleKey } from "../wire/record-request.ts";
import { type LinkOrder, readLinkItem } from "../wire/related-request.ts";
import type { Input, Output, RelatedWritten } from "./commands.ts";
import type { Context } from "./context.ts";
import { type Relating, endsOf, findRelation, relatedRecord } from "./read-related.ts";
import { writeRecords } from "./write-records.ts";

type Written = Result<RelatedWritten>;
type WriteInput = Input<"related.write">;

/** The module whose records are written by way of what they hang on. */
const notesModule = "Notes";

/** Refusals besides those of the path: `not_supported` for a list that is not written to this way. */
export async function writeRelated(context: Context, input: WriteInput): Promise<Output<"related.write">> {
  const found = await findRelation(context, input.caller.org, input.path);
  if (!found.ok) return found;
  const relating = found.value;
  if (input.idInPath !== null && input.items.length > 1) return refuse({ code: "too_many_items", path: ["data"], limit: 1 });
  if (relating.related.apiName === notesModule) return writeNotes(context, input, relating);
  if (relating.list.relation.kind !== "link" || input.operation === "insert") return refuse({ code: "not_supported", pathIndex: 2 });
  const results: Result<{ id: string }>[] = [];
  for (const [index, item] of input.items.entries()) {
    results.push(
      input.operation === "delete"
        ? await unlink(context, relating, { id: item, isInPath: input.idInPath !== null })
        : await link(context, relating, { item, index, idInPath: input.idInPath }),
    );
  }
  return ok({ kind: "links", results });
}

async function link(
  { tx }: Context,
  relating: Relating,
  at: { item: unknown; index: number; idInPath: string | null },
): Promise<Result<{ id: string }>> {
  const { relation } = relating.list;
  const order: Result<LinkOrder> = readLinkItem(at.item, { ...at, keys: relation.kind === "link" ? relation.values : [] });
  if (!order.ok) return order;
  const { id, values } = order.value;
  const org = relating.home.org.key;
  if ((await tx.records.get(org, relating.related.apiName, id)) === null) return refuse(unknown(id, at.idInPath !== null));
  const ends = endsOf(relating, id);
  await tx.links.put(org, { ends, values: { ...(await tx.links.valuesOf(org, ends)), ...values } });
  return ok({ id });
}

async function unlink({ tx }: Context, relating: Relating, given: { id: unknown; isInPath: boolean }): Promise<Result<{ id: string }>> {
  const id = readId(given.id);
  const wasLinked = id !== null && (await tx.links.remove(relating.home.org.key, endsOf(relating, id)));
  return wasLinked ? ok({ id }) : refuse(unknown(String(given.id), given.isInPath));
}

/** A new note gets the record as its parent; one that is written or deleted must be a note of the record. */
async function writeNotes(context: Context, input: WriteInput, relating: Relating): Promise<Written> {
  const { caller, operation, idInPath } = input;
  if (operation !== "insert") {
    for (const item of input.items) {
      const id = readId(idInPath ?? (isObject(item) ? item["id"] : item));
      const note = id === null ? null : await relatedRecord(context, relating, id);
      if (id !== null && note === null) return refuse(unknown(id, idInPath !== null));
    }
  }
  const parent = { Parent_Id: { id: relating.id }, [lookupModuleKey]: relating.module.apiName };
  const items = operation === "delete" ? input.items : input.items.map((item) => (isObject(item) ? { ...item, ...parent } : item));
  const written = await writeRecords(context, { caller, module: notesModule, operation, items, idInPath });
  return written.ok ? ok({ kind: "records", results: written.value.results }) : written;
}

function unknown(id: string, isInPath: boolean): { code: "related_unknown"; id: string } | { code: "related_unknown"; pathIndex: number } {
  return isInPath ? { code: "related_unknown", pathIndex: 3 } : { code: "related_unknown", id };
}
