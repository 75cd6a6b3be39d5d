/** Which records a command says itself that it changes, so that those of a whole batch can be read at once. */
import { readId } from "../core/ids.ts";
import type { RecordKey } from "../store/ports/records.ts";
import type { Job } from "./executor.ts";

/** A record that is named in another way, or under another spelling of its module, is read when its turn comes. */
export function recordsNamed(job: Job): readonly RecordKey[] {
  if (job.name !== "records.write" || job.input.operation === "insert") return [];
  const { caller, module, items, idInPath } = job.input;
  const named: readonly unknown[] = idInPath === null ? items.map(idOfItem) : [idInPath];
  return named.flatMap((given) => {
    const id = readId(given);
    return id === null ? [] : [{ org: caller.org, module, id }];
  });
}

/** An item is a record with its id, or, of those to delete, the id. */
function idOfItem(item: unknown): unknown {
  return typeof item === "object" && item !== null && "id" in item ? item.id : item;
}
