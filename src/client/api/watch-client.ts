/** A client of `/actions/watch`, of Watchpost or of Zoho itself, in any version of the API. */
import { textAt } from "../json-text.ts";
import { kitLimits } from "../limits.ts";
import { type Auth, type TokenSource, tokenSource } from "./access-token.ts";
import { type Answer, type Transport, type TransportOptions, createTransport } from "./transport.ts";
import { readOutcomes, readPage, watchBody } from "./watch-answer.ts";
import type { ApiVersion, WatchChange, WatchDone, WatchFilter, WatchItem, WatchPage, WatchRemoval, WatchRow } from "./watch-types.ts";

export type WatchClientOptions = TransportOptions & {
  readonly auth: Auth;
  /** The origin of the API. Absent: what the accounts server names, which for Zoho depends on where the org is. */
  readonly baseUrl?: string;
  /** The origin of the accounts server; that of the API unless said, as Watchpost has it. */
  readonly accountsUrl?: string;
  /** `v8` unless said. */
  readonly version?: ApiVersion;
};

export type CallOptions = { readonly signal?: AbortSignal };

/** Whatever does not go well altogether throws: a WatchError when an item failed, an ApiError otherwise. */
export type WatchClient = {
  readonly version: ApiVersion;
  /** POST: a channel that is there already is replaced whole. */
  readonly enable: (items: readonly WatchItem[], options?: CallOptions) => Promise<readonly WatchDone[]>;
  /** PUT: replaces a channel that is there. */
  readonly update: (items: readonly WatchItem[], options?: CallOptions) => Promise<readonly WatchDone[]>;
  /** PATCH: changes what is said and keeps the rest. */
  readonly merge: (items: readonly WatchChange[], options?: CallOptions) => Promise<readonly WatchDone[]>;
  /** PATCH with `_delete_events`: a channel without events is gone. */
  readonly removeEvents: (items: readonly WatchRemoval[], options?: CallOptions) => Promise<readonly WatchDone[]>;
  /** DELETE: an entry a channel and module. */
  readonly disable: (channelIds: readonly (string | bigint)[], options?: CallOptions) => Promise<readonly WatchDone[]>;
  /** One page of what the user's channels watch. */
  readonly list: (
    filter?: WatchFilter & { readonly page?: number; readonly per_page?: number },
    options?: CallOptions,
  ) => Promise<WatchPage>;
  /** All pages, row by row. */
  readonly rows: (filter?: WatchFilter, options?: CallOptions) => AsyncIterable<WatchRow>;
};

export function createWatchClient(options: WatchClientOptions): WatchClient {
  const { version = "v8" } = options;
  const call = callerOf(options, version);
  const write =
    (method: string, extra: Readonly<Record<string, unknown>> = {}) =>
    async (items: readonly Partial<WatchItem>[], { signal }: CallOptions = {}): Promise<readonly WatchDone[]> =>
      readOutcomes(await call({ method, query: {}, body: watchBody(items, extra), signal }));
  const list: WatchClient["list"] = async (filter = {}, { signal } = {}) =>
    readPage(await call({ method: "GET", query: { page: 1, per_page: kitLimits.rowsPerPageMax, ...filter }, signal }));
  return {
    version,
    enable: write("POST"),
    update: write("PUT"),
    merge: write("PATCH"),
    removeEvents: write("PATCH", { _delete_events: true }),
    disable: async (channelIds, { signal } = {}) =>
      readOutcomes(await call({ method: "DELETE", query: { channel_ids: channelIds.join(",") }, signal })),
    list,
    rows: (filter, callOptions) => rowsOf(list, filter, callOptions),
  };
}

async function* rowsOf(list: WatchClient["list"], filter: WatchFilter = {}, options: CallOptions = {}): AsyncIterable<WatchRow> {
  for (let page = 1; ; page += 1) {
    const { rows, info } = await list({ ...filter, page }, options);
    yield* rows;
    if (!info.more_records || rows.length === 0) return;
  }
}

type WatchCall = {
  readonly method: string;
  readonly query: Readonly<Record<string, string | number | bigint>>;
  readonly body?: string;
  readonly signal: AbortSignal | undefined;
};

/** Sends under an access token, and once more under another when the server does not know it any more. */
function callerOf(options: WatchClientOptions, version: ApiVersion): (call: WatchCall) => Promise<Answer> {
  const { auth, baseUrl, accountsUrl = baseUrl } = options;
  const hasGrant = "refreshToken" in auth;
  if (hasGrant && accountsUrl === undefined) throw new TypeError("give a baseUrl or an accountsUrl: a refresh token is exchanged there");
  if (!hasGrant && baseUrl === undefined) throw new TypeError("give a baseUrl: only the accounts server could name another");
  const transport = createTransport(options);
  const tokens = tokenSource(auth, transport, originOf(accountsUrl ?? ""));
  const base = baseUrl === undefined ? null : originOf(baseUrl);
  return async (call) => {
    const first = await sendUnder({ transport, tokens, base, version }, call);
    const isStale = first.answer.status === 401 && textAt(first.answer.body, "code") !== "OAUTH_SCOPE_MISMATCH";
    if (!isStale || !tokens.giveUp(first.token)) return first.answer;
    return (await sendUnder({ transport, tokens, base, version }, call)).answer;
  };
}

type Sender = { readonly transport: Transport; readonly tokens: TokenSource; readonly base: string | null; readonly version: ApiVersion };

async function sendUnder(
  { transport, tokens, base, version }: Sender,
  { method, query, body, signal }: WatchCall,
): Promise<{ readonly answer: Answer; readonly token: string }> {
  const { token, apiDomain } = await tokens.get();
  const origin = base ?? apiDomain;
  if (origin === null) throw new TypeError("the accounts server named no api_domain: give a baseUrl");
  const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
  const url = `${originOf(origin)}/crm/${version}/actions/watch${search === "" ? "" : `?${search}`}`;
  const headers = { Authorization: `Zoho-oauthtoken ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
  return { token, answer: await transport.send({ method, url, headers, ...(body === undefined ? {} : { body }), signal }) };
}

/** Without the slash at its end. */
export function originOf(url: string): string {
  return url.replace(/\/+$/, "");
}
