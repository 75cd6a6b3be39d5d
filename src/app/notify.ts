/** From changes to deliveries: matches one write and inserts what it owes, in the write's own transaction. */
import type { Change } from "../core/record.ts";
import { type DeliveryDraft, type Related, matchWrite } from "../core/match.ts";
import type { Id } from "../core/ids.ts";
import { writeAffectedFields, writeAffectedValues } from "../wire/callback.ts";
import type { Json } from "../wire/json.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

export type WriteDone = {
  /** The API name of the module, or `users`. */
  readonly module: string;
  readonly changes: readonly Change[];
  readonly related: readonly Related[];
  readonly by: Id;
  /** What the callback names as affected by a delete, since no field of the record changed. */
  readonly deletion: { readonly fields: readonly string[]; readonly values: Readonly<Record<string, Json>> };
  /** Renders fields of a changed record; asked only for channels that want values. */
  readonly renderFields: (recordId: Id, fields: readonly string[]) => Promise<Readonly<Record<string, Json>>>;
};

/** Logs the changes and inserts the deliveries they owe. */
export async function notify(context: Context, home: Home, write: WriteDone): Promise<void> {
  for (const change of write.changes) {
    await context.tx.records.insertChange(home.org.key, {
      module: write.module,
      recordId: change.recordId,
      operation: change.operation,
      changedFields: change.changedFields,
      at: context.now,
      by: write.by,
    });
  }
  context.tally.changesCommitted += write.changes.length;
  const drafts = matchWrite({ ...write, now: context.now, watchersOf: (module) => home.watchers.of(module) });
  context.tally.deliveriesMade += drafts.length;
  for (const draft of drafts) {
    await context.tx.deliveries.insert({
      org: home.org.key,
      channelKey: draft.channelKey,
      channelId: home.watchers.channelId(draft.channelKey),
      module: draft.module,
      operation: draft.operation,
      recordIds: draft.recordIds,
      affectedFields: affectedFieldsOf(draft, write),
      affectedValues: draft.returnsValues ? await affectedValuesOf(draft, write) : null,
      committedAt: context.now,
    });
    context.noteDelivery();
  }
}

/** An insert names no fields (PROTOCOL D.2); a delete names what it touches in the record; an update names what changed. */
function affectedFieldsOf(draft: DeliveryDraft, write: WriteDone): string {
  if (draft.operation === "insert") return writeAffectedFields([]);
  return writeAffectedFields(
    draft.affected.map(({ recordId, changedFields }) => ({
      recordId,
      fields: draft.operation === "delete" ? write.deletion.fields : changedFields,
    })),
  );
}

async function affectedValuesOf(draft: DeliveryDraft, write: WriteDone): Promise<string> {
  const rows = [];
  for (const { recordId, changedFields } of draft.affected) {
    const values = draft.operation === "delete" ? write.deletion.values : await write.renderFields(recordId, changedFields);
    rows.push({ recordId, values });
  }
  return writeAffectedValues(rows);
}
