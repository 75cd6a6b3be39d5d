/** The requests that write records, of a module or of a related list: what each reads of the call, for `write` to do. */
import type { Operation } from "../core/channel.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { readRecordItems } from "../wire/record-request.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import { readMandatoryList } from "./query.ts";

/** `idInPath`: of the one record that the path names; null: the items say themselves which they are. */
export type ItemWrite = { readonly operation: Operation; readonly items: readonly unknown[]; readonly idInPath: string | null };

type Endpoint = (call: CrmCall) => Promise<Result<CrmReply>>;

/** `update` is PUT of several, each with its `id`, and `remove` DELETE with `?ids=`; the other two are of one. */
export type ItemWrites = { readonly [Name in "insert" | "update" | "updateOne" | "remove" | "removeOne"]: Endpoint };

/** `idPart`: the part of the path that names the one. */
export function itemWrites(idPart: string, write: (call: CrmCall, write: ItemWrite) => Promise<Result<CrmReply>>): ItemWrites {
  async function writeBody(call: CrmCall, operation: "insert" | "update", idInPath: string | null): Promise<Result<CrmReply>> {
    const body = await call.readJson();
    if (!body.ok) return body;
    const items = readRecordItems(body.value);
    return items.ok ? write(call, { operation, items: items.value, idInPath }) : items;
  }

  return {
    insert: (call) => writeBody(call, "insert", null),
    update: (call) => writeBody(call, "update", null),
    updateOne: (call) => writeBody(call, "update", pathPart(call.params, idPart)),
    remove: async (call) => {
      const ids = readMandatoryList(call.query, "ids", limits.recordIdsPerRequestMax);
      return ids.ok ? write(call, { operation: "delete", items: ids.value, idInPath: null }) : ids;
    },
    removeOne: (call) => {
      const id = pathPart(call.params, idPart);
      return write(call, { operation: "delete", items: [id], idInPath: id });
    },
  };
}
