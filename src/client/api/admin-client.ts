/** A client of Watchpost's admin API. */
import { isObject, parseJson, textAt, valueAt } from "../json-text.ts";
import type {
  AuditEntry,
  Change,
  ChangeDetail,
  ChangeFilter,
  Channel,
  ChannelFilter,
  ClockState,
  Delivery,
  DeliveryDetail,
  DeliveryFilter,
  Explanation,
  InboxMessage,
  LifecycleEvent,
  OAuthClient,
  OAuthClientMade,
  OAuthClientOrder,
  Org,
  Replay,
  ReplayOrder,
  Resumed,
  Stats,
  StreamEvent,
  Token,
  TokenMade,
  TokenOrder,
  User,
} from "./admin-types.ts";
import { ApiError } from "./api-error.ts";
import { readEvents } from "./event-stream.ts";
import { type Pages, pagesOf } from "./pages.ts";
import { type Answer, type TransportOptions, createTransport } from "./transport.ts";
import { originOf } from "./watch-client.ts";

export type AdminClientOptions = TransportOptions & {
  readonly baseUrl: string;
  /** The admin token. */
  readonly token: string;
  /** Aborts every call. */
  readonly signal?: AbortSignal;
};

export type AdminClient = ReturnType<typeof createAdminClient>;

/** Whatever is not answered with success throws an ApiError. */
export function createAdminClient(options: AdminClientOptions) {
  const api = callerOf(options);
  return { ...deliveryCalls(api), ...changeCalls(api), ...channelCalls(api), ...accessCalls(api), ...serverCalls(api) };
}

type Filter = Readonly<Record<string, string | number | Date | undefined>>;

/**
 * The one place where what a server sends is taken for the type that the contract gives it. A row is not looked through: a server that is
 * newer may send more keys, and an older one fewer.
 */
type Api = {
  readonly ask: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  readonly list: <Row>(path: string, key: string, filter?: Filter) => Pages<Row>;
  readonly stream: (signal?: AbortSignal) => AsyncGenerator<StreamEvent, void, undefined>;
};

function deliveryCalls({ ask, list }: Api) {
  return {
    /** The newest first. */
    deliveries: (filter: DeliveryFilter = {}) => list<Delivery>("/deliveries", "deliveries", filter),
    delivery: async (id: number | string) => (await ask<{ delivery: DeliveryDetail }>("GET", `/deliveries/${part(id)}`)).delivery,
    /** Sends it again; gives the new delivery. */
    replayDelivery: async (id: number | string) => (await ask<{ delivery: Delivery }>("POST", `/deliveries/${part(id)}/replay`)).delivery,
    skipDelivery: async (id: number | string) => (await ask<{ delivery: Delivery }>("POST", `/deliveries/${part(id)}/skip`)).delivery,

    replays: () => list<Replay>("/replays", "replays"),
    replay: async (id: number) => (await ask<{ replay: Replay }>("GET", `/replays/${part(id)}`)).replay,
    /** How many deliveries a replay would send. */
    countReplay: async (order: ReplayOrder) => (await ask<{ count: number }>("POST", "/replays", { ...order, dry_run: true })).count,
    startReplay: async (order: ReplayOrder) => (await ask<{ replay: Replay }>("POST", "/replays", order)).replay,
    cancelReplay: async (id: number) => (await ask<{ replay: Replay }>("POST", `/replays/${part(id)}/cancel`)).replay,
  };
}

function changeCalls({ ask, list }: Api) {
  return {
    /** The newest first. */
    changes: (filter: ChangeFilter = {}) => list<Change>("/changes", "changes", filter),
    change: async (id: number) => (await ask<{ change: ChangeDetail }>("GET", `/changes/${part(id)}`)).change,
    /** Channel by channel, why it was notified or was not. */
    explainChange: (id: number) => ask<Explanation>("GET", `/changes/${part(id)}/explain`),
  };
}

function channelCalls({ ask, list }: Api) {
  const steer = async (key: number, act: string, body?: unknown): Promise<Channel> =>
    (await ask<{ channel: Channel }>("POST", `/channels/${part(key)}/${act}`, body)).channel;
  return {
    channels: (filter: ChannelFilter = {}) => list<Channel>("/channels", "channels", filter),
    channel: async (key: number) => (await ask<{ channel: Channel }>("GET", `/channels/${part(key)}`)).channel,
    pauseChannel: (key: number) => steer(key, "pause"),
    resumeChannel: (key: number) => ask<Resumed>("POST", `/channels/${part(key)}/resume`),
    renewChannel: (key: number, until: string | Date) => steer(key, "renew", { until }),
    /** The signing secret, shown once. */
    revealSecret: async (key: number) => (await ask<{ secret: string }>("POST", `/channels/${part(key)}/secret`)).secret,
    /** `overlap`, such as `24h`: how long the old secret signs along. */
    rotateSecret: (key: number, overlap?: string) =>
      ask<{ channel: Channel; secret: string }>("POST", `/channels/${part(key)}/rotate`, { overlap }),
    setChannelOrder: (key: number, order: "record" | "none") => steer(key, "order", { order }),
    testChannel: async (key: number) => (await ask<{ delivery: Delivery }>("POST", `/channels/${part(key)}/test`)).delivery,
    lifecycleEvents: (filter: { readonly org?: string; readonly channel_key?: number } = {}) =>
      list<LifecycleEvent>("/lifecycle-events", "events", filter),
  };
}

function accessCalls({ ask, list }: Api) {
  type OfOrg = { readonly org?: string };
  return {
    orgs: () => list<Org>("/orgs", "orgs"),
    /** null: none. The secret that signs what is sent there is shown when the URL is new. */
    setLifecycleUrl: (zgid: string, url: string | null) =>
      ask<{ org: Org; secret: string | null }>("POST", `/orgs/${part(zgid)}/lifecycle`, { url }),
    users: (filter: OfOrg = {}) => list<User>("/users", "users", filter),
    clients: (filter: OfOrg = {}) => list<OAuthClient>("/clients", "clients", filter),
    createClient: (order: OAuthClientOrder) => ask<OAuthClientMade>("POST", "/clients", order),
    revokeClient: async (id: string) => (await ask<{ client: OAuthClient }>("POST", `/clients/${part(id)}/revoke`)).client,
    tokens: (filter: OfOrg = {}) => list<Token>("/tokens", "tokens", filter),
    createToken: (order: TokenOrder = {}) => ask<TokenMade>("POST", "/tokens", order),
    revokeToken: async (id: string) => (await ask<{ token: Token }>("POST", `/tokens/${part(id)}/revoke`)).token,
    audit: () => list<AuditEntry>("/audit", "entries"),
  };
}

function serverCalls({ ask, list, stream }: Api) {
  return {
    stats: () => ask<Stats>("GET", "/stats"),
    /** What happens, as it happens; nothing that was before. Ends when the server does, or when it is left. */
    stream,
    inbox: () => list<InboxMessage>("/inbox", "messages"),
    clearInbox: async () => void (await ask("POST", "/inbox/clear")),
    clock: () => ask<ClockState>("GET", "/clock"),
    /** `by`, such as `7d`. Answers when all that fell due on the way has been done. */
    advanceClock: (by: string) => ask<ClockState>("POST", "/clock", { advance: by }),
    setClock: (now: string | Date) => ask<ClockState>("POST", "/clock", { now }),
  };
}

function callerOf(options: AdminClientOptions): Api {
  const { token, signal } = options;
  if (token === "") throw new TypeError("the admin token is empty");
  const transport = createTransport(options);
  const base = `${originOf(options.baseUrl)}/api/v1`;
  const authorization = { Authorization: `Bearer ${token}` };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { ...authorization, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    const answer = await transport.send({ method, url: `${base}${path}`, headers, signal, ...sent });
    if (answer.status >= 200 && answer.status < 300) return answer.body as T;
    throw errorOf(answer);
  };
  const list = <Row>(path: string, key: string, filter: Filter = {}): Pages<Row> =>
    pagesOf(async (cursor) => {
      const body = await ask<unknown>("GET", `${path}${queryOf(cursor === null ? filter : { ...filter, cursor })}`);
      const rows = valueAt(body, key);
      if (!Array.isArray(rows)) throw errorOf({ status: 200, body, retryAfterMs: null });
      return { rows: rows as readonly Row[], nextCursor: textAt(body, "next_cursor") };
    });
  return { ask, list, stream: (signalOfStream) => streamOf(transport, { base, authorization, signal: signalOfStream ?? signal }) };
}

type StreamPlace = {
  readonly base: string;
  readonly authorization: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
};

async function* streamOf(
  transport: ReturnType<typeof createTransport>,
  { base, authorization, signal }: StreamPlace,
): AsyncGenerator<StreamEvent, void, undefined> {
  const headers = { ...authorization, Accept: "text/event-stream" };
  const response = await transport.open({ method: "GET", url: `${base}/stream`, headers, signal });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw errorOf({ status: response.status, body: undefined, retryAfterMs: null });
  }
  for await (const { event, data } of readEvents(response.body)) {
    const parsed = parseJson(data);
    if (isObject(parsed)) yield { event, data: parsed } as unknown as StreamEvent;
  }
}

/** `{"error":{"code","message","param"}}`. */
function errorOf({ status, body, retryAfterMs }: Answer): ApiError {
  const error = valueAt(body, "error");
  const code = textAt(error, "code") ?? "answer_unreadable";
  const message = textAt(error, "message") ?? `the answer has the status ${status}`;
  return new ApiError({ code, message: `${code}: ${message}`, status, param: textAt(error, "param"), retryAfterMs });
}

function queryOf(filter: Filter): string {
  const entries = Object.entries(filter).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value instanceof Date ? value.toISOString() : String(value)]],
  );
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
}

function part(id: string | number): string {
  return encodeURIComponent(id);
}
