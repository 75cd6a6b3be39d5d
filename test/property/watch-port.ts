/** The two ways by which the commands of the property test reach the program: its use cases in this thread, and HTTP. */
import assert from "node:assert/strict";
import { anyDelivery } from "../support/any-delivery.ts";
import { settlementOf } from "../../src/core/attempt.ts";
import { acme as acmeFile, orgFile, seedOf, clientFile, credentialsOf } from "../support/seeds.ts";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { accessTokenOf, send } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { InThread, acme } from "../support/in-thread.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { Receiver } from "../support/receiver.ts";
import type { VersionName } from "../../src/wire/versions.ts";
import type { ItemResult, OperationName, Owed, RecordValues, Row } from "./watch-model.ts";
import { attemptEntry } from "../support/attempt-entry.ts";

export type WatchMethod = "POST" | "PUT" | "PATCH";
export type Asked = { readonly user: number; readonly version: VersionName };

export type WatchPort = {
  readonly now: number;
  /** Where callbacks go. */
  url(path: string): string;
  /** Whether what is owed is delivered at once, so that it cannot wait. */
  readonly isImmediate: boolean;
  advance(ms: number): void;
  watch(asked: Asked, method: WatchMethod, items: readonly unknown[]): Promise<readonly ItemResult[]>;
  /** One list of results an id. */
  disable(asked: Asked, channelIds: readonly string[]): Promise<readonly ItemResult[]>;
  rows(user: number, query: RowQuery): Promise<{ readonly rows: readonly Row[]; readonly hasMore: boolean }>;
  /** The ids of the records, in the order of the items. */
  write(module: string, operation: OperationName, items: readonly unknown[]): Promise<readonly string[]>;
  /** What was owed, delivered now. `count` is how much the caller expects. */
  collect(count: number): Promise<readonly Owed[]>;
};

export type RowQuery = {
  readonly channelId: string | null;
  readonly module: string | null;
  readonly page: number;
  readonly perPage: number;
};

const everyDelivery = { ...anyDelivery, limit: 10 };
const startMs = Date.UTC(2026, 0, 15, 9, 30, 0);
const secondEmail = "second@acme.example";

/** Over the executor, at instants of the test's own; what is owed waits until it is collected. */
export async function openInThread(): Promise<WatchPort & AsyncDisposable> {
  const users = acme.users.flatMap((user) => [user, { ...user, email: secondEmail, firstName: "Bob", lastName: "Second" }]);
  const app = await InThread.open({ orgs: [{ ...acme, users }] });
  app.now = startMs;
  const callerOf = (user: number) => ({ org: 1, userId: `55402300005000000${user + 1}` });
  return {
    get now() {
      return app.now;
    },
    isImmediate: false,
    url: (path) => `http://127.0.0.1:9${path}`,
    advance: (ms) => void (app.now += ms),
    async watch({ user, version }, method, items) {
      const mode = ({ POST: "enable", PUT: "replace", PATCH: "merge" } as const)[method];
      const results = await app.run("watch.write", { caller: callerOf(user), version, mode, items });
      return results.map((one) => (one.ok ? successOf(one.value.resources.map(({ name }) => name)) : { code: codeOf(one.error.code) }));
    },
    async disable({ user }, channelIds) {
      const results = await app.run("watch.disable", { caller: callerOf(user), channelIds });
      return results.map((one) => (one.ok ? successOf(one.value.resources.map(({ name }) => name)) : { code: codeOf(one.error.code) }));
    },
    async rows(user, { page, perPage, ...only }) {
      const rendering = { version: "v6", timeZone: acme.timeZone, baseUrl: "http://127.0.0.1" } as const;
      const listed = await app.run("watch.list", { caller: callerOf(user), ...rendering, ...only, page: { page, perPage } });
      return { rows: listed.rows.map(readRow), hasMore: listed.hasMore };
    },
    async write(module, operation, items) {
      const written = await app.run("records.write", { caller: app.caller, module, operation, items, idInPath: null });
      assert.ok(written.ok, JSON.stringify(written));
      return written.value.results.map((one) => (one.ok ? one.value.id : assert.fail(JSON.stringify(one.error))));
    },
    async collect() {
      const owed: Owed[] = [];
      for (let claims = await app.claims(); claims.length > 0; claims = await app.claims()) {
        const attempt = attemptEntry({ startedAt: app.now });
        const settlements = claims.map((claim) => settlementOf(claim, { end: "delivered", retryAfterMs: null, attempt }));
        assert.ok((await app.run("dispatch.settle", { settlements })).every(Boolean), "a claim was lost");
        for (const claim of claims) {
          owed.push({
            channelId: claim.channelId,
            token: claim.token,
            notifyUrl: claim.notifyUrl,
            module: claim.module,
            operation: claim.operation,
            ids: JSON.parse(claim.recordIds),
            ...affectedOf(claim.operation, JSON.parse(claim.affectedFields), JSON.parse(claim.affectedValues ?? "null")),
          });
        }
      }
      const { deliveries } = await app.run("operate.deliveries", { ...everyDelivery, status: "pending" });
      assert.deepEqual(deliveries, [], "more is owed than can be claimed");
      return owed;
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** Over HTTP, with a receiver; a callback is on its way as soon as the write is committed. */
export async function openOverHttp(): Promise<WatchPort & AsyncDisposable> {
  const owner = acmeFile.users[0]?.email ?? "";
  const seed = orgFile("acme", "554023000", {
    users: [...acmeFile.users, { email: secondEmail, first_name: "Bob", last_name: "Second" }],
    clients: [clientFile("user0", owner), clientFile("user1", secondEmail)],
  });
  const app = await startApp({ seed: seedOf(seed), nowMs: startMs });
  const receiver = await Receiver.start();
  const callers = [new Caller(app, "user0"), new Caller(app, "user1")] as const;
  const callerOf = (user: number): Caller => callers[user] ?? assert.fail("no such user");
  let taken = 0;
  return {
    get now() {
      return app.clock.now();
    },
    isImmediate: true,
    url: (path) => receiver.url(path),
    advance: (ms) => app.clock.advance(ms),
    async watch({ user, version }, method, items) {
      const answer = await callerOf(user).ask(version, [method, "/actions/watch"], { watch: items });
      return listAt(answer.body, "watch").map(readResult);
    },
    async disable({ user, version }, channelIds) {
      const answer = await callerOf(user).ask(version, ["DELETE", `/actions/watch?channel_ids=${channelIds.join("%2C")}`]);
      return mergeResults(listAt(answer.body, "watch"));
    },
    async rows(user, { channelId, module, page, perPage }) {
      const only = `${channelId === null ? "" : `channel_id=${channelId}&`}${module === null ? "" : `module=${module}&`}`;
      const answer = await callerOf(user).ask("v6", ["GET", `/actions/watch?${only}page=${page}&per_page=${perPage}`]);
      if (answer.status === 204) return { rows: [], hasMore: false };
      const rows = listAt(answer.body, "watch").map(readRow);
      assert.equal(numberAt(answer.body, "info", "count"), rows.length);
      return { rows, hasMore: at(answer.body, "info", "more_records") === true };
    },
    async write(module, operation, items) {
      const method = ({ insert: "POST", update: "PUT", delete: "DELETE" } as const)[operation];
      const path = operation === "delete" ? `/${module}?ids=${items.join(",")}` : `/${module}`;
      const answer = await callerOf(0).ask("v6", [method, path], operation === "delete" ? undefined : { data: items });
      return listAt(answer.body, "data").map((one) => textAt(one, "details", "id"));
    },
    async collect(count) {
      taken += count;
      await app.untilSettled(taken);
      assert.equal((await app.deliveries("?limit=200")).length, Math.min(taken, 200), "more is owed than was expected");
      const arrived = await Promise.all(Array.from({ length: count }, () => receiver.next()));
      return arrived.map(({ body, target }) => ({ ...readCallback(body), notifyUrl: receiver.url(target) }));
    },
    async [Symbol.asyncDispose]() {
      await app.stop();
      await receiver.down();
    },
  };
}

/** A user of the server whose token is always young. */
class Caller {
  readonly #app: App;
  readonly #name: string;
  #token: { readonly text: string; readonly takenAt: number } | null = null;

  constructor(app: App, name: string) {
    this.#app = app;
    this.#name = name;
  }

  async ask(version: string, [method, path]: readonly [string, string], body?: unknown): Promise<Answer> {
    const { baseUrl, clock } = this.#app;
    if (this.#token === null || clock.now() - this.#token.takenAt > 1_800_000) {
      this.#token = { text: await accessTokenOf(baseUrl, credentialsOf(this.#name)), takenAt: clock.now() };
    }
    const headers = { Authorization: `Zoho-oauthtoken ${this.#token.text}` };
    return send(baseUrl, { method, path: `/crm/${version}${path}`, headers, body });
  }
}

function successOf(modules: readonly string[]): ItemResult {
  return { code: "SUCCESS", modules };
}

/** The codes of the wire that the sequences meet. */
function codeOf(code: string): string {
  return code === "not_subscribed" ? "NOT_SUBSCRIBED" : code === "value_invalid" ? "INVALID_DATA" : code;
}

function readResult(result: unknown): ItemResult {
  const code = textAt(result, "code");
  return code === "SUCCESS" ? successOf(listAt(result, "details", "events").map((event) => textAt(event, "resource_name"))) : { code };
}

/** The results of a DELETE, one a channel and module, put together again by channel. */
function mergeResults(results: readonly unknown[]): readonly ItemResult[] {
  const merged: { readonly code: string; readonly id: string | null; readonly modules: string[] }[] = [];
  for (const result of results) {
    const code = textAt(result, "code");
    const id = code === "SUCCESS" ? textAt(result, "details", "channel_id") : null;
    const last = merged.at(-1);
    const module = id === null ? "" : (textAt(result, "details", "resource_uri").split("/").at(-1) ?? "");
    if (id !== null && last?.id === id) last.modules.push(module);
    else merged.push({ code, id, modules: id === null ? [] : [module] });
  }
  return merged.map(({ code, id, modules }) => (id === null ? { code } : successOf(modules)));
}

function readRow(row: unknown): Row {
  const token = at(row, "token");
  assert.ok(token === null || typeof token === "string");
  return {
    channelId: textAt(row, "channel_id"),
    module: textAt(row, "resource_name"),
    events: listAt(row, "events").map(String),
    token,
    notifyUrl: textAt(row, "notify_url"),
    expiresAt: Date.parse(textAt(row, "channel_expiry")),
    returnsValues: at(row, "return_affected_field_values") === true,
    notifiesRelated: at(row, "notify_on_related_action") === true,
    hasCondition: at(row, "notification_condition") !== null,
  };
}

function readCallback(body: unknown): Omit<Owed, "notifyUrl"> {
  const operation = textAt(body, "operation");
  assert.ok(operation === "insert" || operation === "update" || operation === "delete");
  const token = at(body, "token");
  assert.ok(token === null || typeof token === "string");
  const values = Object.hasOwn(Object(body), "affected_values") ? listAt(body, "affected_values") : null;
  return {
    channelId: textAt(body, "channel_id"),
    token,
    module: textAt(body, "module"),
    operation,
    ids: listAt(body, "ids").map(String),
    ...affectedOf(operation, listAt(body, "affected_fields"), values),
  };
}

function affectedOf(
  operation: OperationName,
  fields: readonly unknown[],
  values: readonly unknown[] | null,
): Pick<Owed, "affected" | "values"> {
  if (operation !== "update") return { affected: {}, values: null };
  const affected = fields.flatMap((entry) =>
    Object.entries(Object(entry)).map(([id, names]) => [id, [...listAt(names)].map(String).toSorted()]),
  );
  const rows = values?.map((row) => [textAt(row, "record_id"), at(row, "values")] as const);
  return {
    affected: Object.fromEntries(affected),
    values: rows === undefined ? null : (Object.fromEntries(rows) as Record<string, RecordValues>),
  };
}
