/** `/actions/watch` (PROTOCOL A): the channels of the caller. */
import type { WatchMode } from "../core/watch.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { readWatchItems } from "../wire/watch-request.ts";
import { disableAnswer, watchAnswer } from "../wire/watch-response.ts";
import type { CrmCall, CrmReply } from "./crm-endpoint.ts";
import { found, nothing } from "./crm-endpoint.ts";
import type { Query } from "./query.ts";
import { readIdParam, readMandatoryList, readPage, readText } from "./query.ts";

/** POST: a channel with this id is replaced whole (ruling 1). */
export function enableChannels(call: CrmCall): Promise<Result<CrmReply>> {
  return writeChannels(call, "enable");
}

/** PUT: replaces what is there. */
export function replaceChannels(call: CrmCall): Promise<Result<CrmReply>> {
  return writeChannels(call, "replace");
}

/** PATCH: merges, and with `_delete_events` takes events away (ruling 6). */
export function mergeChannels(call: CrmCall): Promise<Result<CrmReply>> {
  return writeChannels(call, "merge");
}

/** GET: one row a channel and module; 204 when there is none. */
export async function listWatch({ engine, caller, principal, version, query, baseUrl }: CrmCall): Promise<Result<CrmReply>> {
  const channelId = readIdParam(query, "channel_id");
  if (!channelId.ok) return channelId;
  const module = readModule(query);
  if (!module.ok) return module;
  const page = readPage(query);
  if (!page.ok) return page;
  const { rows, hasMore } = await engine.run("watch.list", {
    caller,
    version: version.name,
    timeZone: principal.timeZone,
    baseUrl,
    channelId: channelId.value,
    module: module.value,
    page: page.value,
  });
  if (rows.length === 0) return nothing;
  const info = { per_page: page.value.perPage, count: rows.length, page: page.value.page, more_records: hasMore };
  return found({ watch: rows, info });
}

/** DELETE `?channel_ids=`: one result a channel and module (PROTOCOL A.5). */
export async function disableChannels({ engine, caller, version, query, baseUrl }: CrmCall): Promise<Result<CrmReply>> {
  const channelIds = readMandatoryList(query, "channel_ids", limits.deleteChannelIdsMax);
  if (!channelIds.ok) return channelIds;
  const disabled = await engine.run("watch.disable", { caller, channelIds: channelIds.value });
  return ok(disableAnswer(disabled, { version, baseUrl }));
}

async function writeChannels(call: CrmCall, mode: WatchMode): Promise<Result<CrmReply>> {
  const { engine, caller, principal, version, baseUrl } = call;
  const body = await call.readJson();
  if (!body.ok) return body;
  const items = readWatchItems(body.value);
  if (!items.ok) return items;
  const results = await engine.run("watch.write", { caller, version: version.name, mode, items: items.value });
  return ok(watchAnswer(results, { mode, version, timeZone: principal.timeZone, baseUrl }));
}

/** A module's API name as a filter; one that no module can have is `module_invalid`. */
function readModule(query: Query): Result<string | null> {
  const module = readText(query, "module");
  return module === null || /^\w{1,64}$/.test(module) ? ok(module) : refuse({ code: "module_invalid", param: "module" });
}
