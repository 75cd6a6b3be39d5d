/** What the commands that list do: ask for as many rows as `--limit` says, and show them. */
import { type ExitCode, exitCodes } from "../command.ts";
import { type Listing, answerList } from "../print/output.ts";
import type { AdminClient, Query } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import type { Call } from "../tree/command-spec.ts";
import { limitOf } from "./options.ts";

/** `key`: of the rows in the answer, and the list's place in the admin API. */
export type PageAsk = Pick<Listing<JsonObject>, "key" | "columns" | "nothing"> & { readonly query: Query };

export async function listPage(call: Call, client: AdminClient, { query, ...listing }: PageAsk): Promise<ExitCode> {
  const { key } = listing;
  const page = await client.list(`/api/v1/${key}`, { key, limit: limitOf(call), query });
  answerList(call, { ...listing, ...page });
  return exitCodes.good;
}
