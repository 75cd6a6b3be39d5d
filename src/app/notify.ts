/** From changes to deliveries: matches one write and inserts what it owes, in the write's own transaction. */
import { type Change, type Values, differing } from "../core/record.ts";
import { type DeliveryDraft, type Related, matchWrite } from "../core/match.ts";
import type { Id } from "../core/ids.ts";
import { writeAffectedFields, writeAffectedValues } from "../wire/callback.ts";
import type { NewDelivery } from "../store/ports/deliveries.ts";
import type { Json } from "../wire/json.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";

export type WriteDone = {
  /** The API name of the module, or `users`. */
  readonly module: string;
  readonly changes: readonly Change[];
  /** The records that a record with these values looks up. */
  readonly lookupsOf: (values: Values) => readonly Related[];
  readonly by: Id;
  /** What the callback names as affected by a delete, since no field of the record changed. */
  readonly deletion: { readonly fields: readonly string[]; readonly values: Readonly<Record<string, Json>> };
  /** Renders fields of a changed record; asked only for channels that want values. */
  readonly renderFields: (recordId: Id, fields: readonly string[]) => Promise<Readonly<Record<string, Json>>>;
};

/** Logs the changes and inserts the deliveries they owe. */
export async function notify(context: Context, home: Home, write: WriteDone): Promise<void> {
  const related = write.changes.map((change) => write.lookupsOf(change.after ?? change.before ?? {}));
  const number = await logChanges(context, home, { write, related });
  const watchers = await context.directory.watchers(context.tx, home.org.key);
  const drafts = matchWrite({
    module: write.module,
    changes: write.changes,
    related: related.flat(),
    now: context.now,
    watchers: watchers.groups,
  });
  context.tally.changesCommitted += write.changes.length;
  context.tally.deliveriesMade += drafts.length;
  // Channels that say the same are told the same.
  const fieldsTexts = new Map<DeliveryDraft["affected"], string>();
  const fieldsTextOf = (draft: DeliveryDraft): string => {
    const known = fieldsTexts.get(draft.affected);
    if (known !== undefined) return known;
    const text = affectedFieldsOf(draft, write);
    fieldsTexts.set(draft.affected, text);
    return text;
  };
  for (const draft of drafts) {
    const { channelId, order } = watchers.channel(draft.channelKey);
    const { channelKey, module, operation, recordIds } = draft;
    await context.tx.deliveries.insert(
      {
        channelKey,
        module,
        operation,
        recordIds,
        affectedFields: fieldsTextOf(draft),
        affectedValues: draft.returnsValues ? await affectedValuesOf(draft, write) : null,
        org: home.org.key,
        channelId,
        committedAt: context.now,
        write: number,
        replay: null,
        isTest: false,
        isInOrder: order === "record",
      },
      context.hand,
    );
    context.noteDelivery();
  }
}

/** Gives the number of the write. What the values were is kept of the fields that differ, which is all that was not there before. */
async function logChanges(
  context: Context,
  home: Home,
  { write, related }: { readonly write: WriteDone; readonly related: readonly (readonly Related[])[] },
): Promise<number> {
  let number: number | null = null;
  for (const [index, change] of write.changes.entries()) {
    const id = await context.tx.changes.insert(
      home.org.key,
      {
        module: write.module,
        recordId: change.recordId,
        operation: change.operation,
        changedFields: change.changedFields,
        at: context.now,
        by: write.by,
        ...differing(change),
        related: related[index] ?? [],
      },
      number,
    );
    number ??= id;
  }
  return number ?? 0;
}

/** What the delivery says of the change, ready to be stored. */
export async function deliveryOf(
  draft: DeliveryDraft,
  write: Pick<WriteDone, "deletion" | "renderFields">,
): Promise<Pick<NewDelivery, "channelKey" | "module" | "operation" | "recordIds" | "affectedFields" | "affectedValues">> {
  const { channelKey, module, operation, recordIds } = draft;
  const affectedValues = draft.returnsValues ? await affectedValuesOf(draft, write) : null;
  return { channelKey, module, operation, recordIds, affectedFields: affectedFieldsOf(draft, write), affectedValues };
}

/** An insert names no fields (PROTOCOL D.2); a delete names what it touches in the record; an update names what changed. */
function affectedFieldsOf(draft: DeliveryDraft, write: Pick<WriteDone, "deletion">): string {
  if (draft.operation === "insert") return writeAffectedFields([]);
  return writeAffectedFields(
    draft.affected.map(({ recordId, changedFields }) => ({
      recordId,
      fields: draft.operation === "delete" ? write.deletion.fields : changedFields,
    })),
  );
}

async function affectedValuesOf(draft: DeliveryDraft, write: Pick<WriteDone, "deletion" | "renderFields">): Promise<string> {
  const rows = [];
  for (const { recordId, changedFields } of draft.affected) {
    const values = draft.operation === "delete" ? write.deletion.values : await write.renderFields(recordId, changedFields);
    rows.push({ recordId, values });
  }
  return writeAffectedValues(rows);
}
