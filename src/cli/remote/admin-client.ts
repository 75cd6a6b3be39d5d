/** The admin API as the commands use it: requests under the admin token, lists page by page, and refusals as exit codes. */
import type { Connection } from "../../config/connection-options.ts";
import { Complaint, usageFault } from "../complaint.ts";
import type { ExitCode } from "../command.ts";
import { exitCodes } from "../command.ts";
import { plainText } from "../print/plain-text.ts";
import type { Incoming, JsonObject } from "./exchange.ts";
import { exchange } from "./exchange.ts";
import { objectAt, objectsAt, textAt } from "./json-values.ts";

export type Query = Readonly<Record<string, string | null>>;

export type Ask = {
  /** Parameters that are null are left out. */
  readonly query?: Query;
  readonly body?: JsonObject;
  /** What the path names, such as `delivery 42`; a 404 then says that there is none. */
  readonly what?: string;
  readonly waitMs?: number;
};

export type ListAsk = Ask & {
  /** The key of the rows in the answer. */
  readonly key: string;
  readonly limit: number;
};

export type Page = { readonly rows: readonly JsonObject[]; readonly nextCursor: string | null };

export type AdminClient = {
  readonly url: string;
  readonly token: string;
  get(path: string, ask?: Ask): Promise<JsonObject>;
  post(path: string, ask?: Ask): Promise<JsonObject>;
  /** As many rows as asked for, over as many pages as they take. */
  list(path: string, ask: ListAsk): Promise<Page>;
  /** Whatever it answers, refusals too. */
  send(method: "GET" | "POST", path: string, ask?: Ask): Promise<Incoming>;
  /** The server's own time, which in `dev` may be ahead of ours. */
  now(): Promise<number>;
};

const rowsPerPageMax = 200;
const waitMsDefault = 30_000;

/** Complains when there is no token. */
export function adminClient({ url, token }: Connection): AdminClient {
  if (token === null) {
    throw usageFault("no admin token was given: --token or WATCHPOST_ADMIN_TOKEN is to hold the one that the server printed at its start");
  }

  async function send(method: "GET" | "POST", path: string, ask: Ask = {}): Promise<Incoming> {
    return exchange({
      origin: url,
      method,
      path: `${path}${queryText(ask.query ?? {})}`,
      authorization: `Bearer ${token ?? ""}`,
      body: ask.body ?? null,
      waitMs: ask.waitMs ?? waitMsDefault,
    });
  }

  async function answerOf(method: "GET" | "POST", path: string, ask: Ask = {}): Promise<JsonObject> {
    const answer = await send(method, path, ask);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw refusal(answer, { url, path, what: ask.what ?? null });
  }

  async function list(path: string, { key, limit, query = {}, ...ask }: ListAsk): Promise<Page> {
    const rows: JsonObject[] = [];
    let cursor: string | null = null;
    do {
      const page: JsonObject = await answerOf("GET", path, {
        ...ask,
        query: { ...query, limit: String(Math.min(rowsPerPageMax, limit - rows.length)), cursor },
      });
      rows.push(...objectsAt(page, key));
      cursor = textAt(page, "next_cursor");
    } while (cursor !== null && rows.length < limit);
    return { rows, nextCursor: cursor };
  }

  async function now(): Promise<number> {
    const { serverNow } = await exchange({
      origin: url,
      method: "GET",
      path: "/livez",
      authorization: null,
      body: null,
      waitMs: waitMsDefault,
    });
    if (serverNow === null) throw new Complaint(exitCodes.serverFault, `the server at ${url} does not say its time`);
    return serverNow;
  }

  return {
    url,
    token,
    send,
    list,
    now,
    get: async (path, ask) => answerOf("GET", path, ask),
    post: async (path, ask) => answerOf("POST", path, ask),
  };
}

type Place = { readonly url: string; readonly path: string; readonly what: string | null };

/** What an answer that is no success means for the one who asked. */
export function refusal({ status, body }: Incoming, { url, path, what }: Place): Complaint {
  const error = objectAt(body, "error");
  const said = plainText(textAt(error, "message") ?? "").replace(/\.$/, "");
  if (status === 401) {
    const advice = "--token or WATCHPOST_ADMIN_TOKEN is to hold the one that it printed at its start.";
    return new Complaint(exitCodes.refused, `the server at ${url} does not know the admin token. ${advice}`);
  }
  if (status === 404 && what !== null) return new Complaint(exitCodes.notFound, `there is no ${what} on ${url}`);
  if (status === 404) return new Complaint(exitCodes.serverFault, `the server at ${url} has no ${path}: it may be older than this program`);
  const code = exitCodeOfStatus(status);
  const fault = said === "" ? `the server at ${url} answered ${String(status)}` : `the server says: ${said}`;
  return new Complaint(code, code === exitCodes.serverFault ? `${fault} (status ${String(status)})` : fault);
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 403) return exitCodes.refused;
  if (status === 409) return exitCodes.conflict;
  return status >= 400 && status < 500 ? exitCodes.wrongOptions : exitCodes.serverFault;
}

function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
