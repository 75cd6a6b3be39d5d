/** GET /{module}/search (PROTOCOL F.1). */
import type { Output } from "../app/commands.ts";
import type { Id } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import type { Json } from "../wire/json.ts";
import { listAnswer } from "../wire/record-response.ts";
import { searchParams } from "../wire/search-request.ts";
import type { SearchParam } from "../wire/search-request.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readList, readPage, readText } from "./query.ts";

/** A page of what is found, the newest first; 204 when it has none. */
export async function searchRecords({ engine, caller, version, params, query }: CrmCall): Promise<Result<CrmReply>> {
  const search = readSearchParam(query);
  if (search === null) return refuse({ code: "one_param_missing", params: searchParams });
  const fields = readList(query, "fields", limits.fieldsPerListMax);
  if (!fields.ok) return fields;
  const page = readPage(query);
  if (!page.ok) return page;
  const { perPage } = page.value;
  if (page.value.page * perPage > limits.searchRowsMax) return refuse({ code: "search_limit", limit: limits.searchRowsMax });

  const asked = { caller, module: pathPart(params, "module"), search, fields: fields.value };
  const rows: Json[] = [];
  let skip = (page.value.page - 1) * perPage;
  let afterId: Id | null = null;
  do {
    // One row more than the page has says whether there are more.
    const part: { afterId: Id | null; skip: number; take: number } = { afterId, skip, take: perPage + 1 - rows.length };
    const step: Output<"records.search"> = await engine.run("records.search", { ...asked, ...part });
    if (!step.ok) return step;
    rows.push(...step.value.rows);
    skip -= step.value.skipped;
    afterId = step.value.goOnAfterId;
  } while (afterId !== null);
  const info = { version, page: page.value, hasMore: rows.length > perPage, sortBy: "id", sortOrder: "desc" };
  return ok(listAnswer(rows.slice(0, perPage), info));
}

/** The first of the parameters that is there; those after it do not count. */
function readSearchParam(query: Query): { readonly by: SearchParam; readonly text: string } | null {
  for (const by of searchParams) {
    const text = readText(query, by);
    if (text !== null) return { by, text };
  }
  return null;
}
