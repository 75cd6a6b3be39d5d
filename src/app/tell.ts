/** Tells of changes that were made some time ago as a notification would have told of them then. */
import type { Id } from "../core/ids.ts";
import type { ChangeRow } from "../store/ports/changes.ts";
import type { Context } from "./context.ts";
import type { Home } from "./directory.ts";
import { userTeller } from "./manage-users.ts";
import type { WriteDone } from "./notify.ts";
import { recordTeller } from "./tell-records.ts";

/** `changes` are of one write. A module that has been removed since has no values to tell. */
export function tellerOf(context: Context, home: Home, changes: readonly ChangeRow[]): Pick<WriteDone, "deletion" | "renderFields"> {
  const name = changes[0]?.module ?? "";
  const by: Id = changes[0]?.by ?? "";
  const module = home.catalog.module(name);
  return module === undefined ? userTeller(home) : recordTeller(context, home, { module, changes, by });
}
