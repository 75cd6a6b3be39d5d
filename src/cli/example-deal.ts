/** A record to show a newcomer: the first Deal that the client may see. */
import type { Engine } from "../app/commands.ts";
import type { Id } from "../core/ids.ts";
import { readId } from "../core/ids.ts";
import type { Caller } from "../core/principal.ts";

/** The id of the oldest Deal; null when there is none. */
export async function findExampleDeal(engine: Engine, caller: Caller): Promise<Id | null> {
  const deals = await engine.run("records.list", {
    caller,
    module: "Deals",
    fields: ["Deal_Name"],
    ids: null,
    sortBy: "id",
    sortOrder: "asc",
    page: { page: 1, perPage: 1 },
  });
  const [first] = deals.ok ? deals.value.rows : [];
  return typeof first === "object" && first !== null && "id" in first ? readId(first.id) : null;
}
