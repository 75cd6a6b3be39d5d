/** For the tests of this folder: a server on a free port over an engine that answers from a table. */
import type { ChannelView, CommandName, Engine, Input, Output } from "../app/commands.ts";
import { newHealth } from "../core/channel.ts";
import type { Principal } from "../core/principal.ts";
import type { RequestAnswered } from "../observe/events.ts";
import { createMetrics } from "../observe/metrics.ts";
import type { HttpServer, HttpServerOptions } from "./server.ts";
import { createHttpServer } from "./server.ts";

export type Handlers = { readonly [N in CommandName]?: (input: Input<N>) => Output<N> | Promise<Output<N>> };

export type UnderTest = {
  readonly baseUrl: string;
  /** What the engine was asked, in order; the questions of authentication and the audit log are left out. */
  readonly asked: { readonly name: CommandName; readonly input: unknown }[];
  readonly faults: { readonly method: string; readonly path: string; readonly error: unknown }[];
  /** The lines that requests left in the log. */
  readonly answered: readonly RequestAnswered[];
  readonly http: HttpServer;
  [Symbol.asyncDispose](): Promise<void>;
};

export const startMs = Date.parse("2026-01-01T00:00:00Z");

export const principal: Principal = {
  org: 1,
  zgid: "554023000",
  timeZone: "Asia/Kolkata",
  userId: "554023000050000001",
  clientId: "1000.CLIENT",
  scopes: ["ZohoCRM.notifications.ALL", "ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.users.ALL", "ZohoCRM.org.ALL"],
  expiresAt: startMs + 3_600_000,
  accessEpoch: null,
};

/** The headers of a request with a valid token. */
export const goodToken = { authorization: "Zoho-oauthtoken good" };

/** Who asks, and that it was done, is asked at nearly every request. */
const quiet: readonly CommandName[] = ["auth.principal", "admin.hasToken", "audit.add"];

/** Starts a server that knows the access token `good` and the admin token `admin`; `handlers` answer the rest. */
export async function serverUnderTest(handlers: Handlers = {}, options: Partial<HttpServerOptions> = {}): Promise<UnderTest> {
  const asked: UnderTest["asked"] = [];
  const faults: UnderTest["faults"] = [];
  const answered: RequestAnswered[] = [];
  const table: Handlers = {
    "auth.principal": ({ accessToken }) => (accessToken === "good" ? principal : null),
    "admin.hasToken": ({ adminToken }) => adminToken === "admin",
    "audit.add": () => null,
    ...handlers,
  };
  const engine: Engine = {
    run: async (name, input) => {
      if (!quiet.includes(name)) asked.push({ name, input });
      const handler = table[name];
      if (handler === undefined) throw new Error(`no handler for ${name}`);
      return handler(input);
    },
    onHint: () => () => undefined,
    onGathering: () => () => undefined,
    close: () => Promise.resolve(),
  };
  const http = createHttpServer({
    engine,
    clock: { now: () => startMs, sleepUntil: () => Promise.resolve() },
    events: {
      requestAnswered: (answer) => answered.push(answer),
      requestFaulted: (fault) => faults.push(fault),
      auditFaulted: (fault) => faults.push(fault),
    },
    health: { report: () => ({ causes: [] }) },
    metrics: createMetrics({ version: "1.2.3", ofProcess: false }),
    publicUrl: null,
    version: "1.2.3",
    ...options,
  });
  const { localUrl } = await http.listen({ host: "127.0.0.1", port: 0 });
  return {
    baseUrl: localUrl,
    asked,
    faults,
    answered,
    http,
    async [Symbol.asyncDispose]() {
      http.closeNow();
      await http.close();
    },
  };
}

/** A channel as operators see it, of the principal. */
export const channelView: ChannelView = {
  key: 3,
  zgid: "554023000",
  kind: "client",
  userId: principal.userId,
  channelId: "1",
  notifyUrl: "http://a.example/",
  hasToken: true,
  returnsValues: false,
  notifiesRelated: true,
  order: "record",
  subscriptions: [
    {
      module: "Deals",
      moduleId: "9",
      operations: ["update"],
      condition: { kind: "group", operator: "or", members: [{ kind: "field", field: { apiName: "Stage", id: "7" } }] },
    },
  ],
  createdAt: startMs,
  modifiedAt: startMs,
  modules: ["Deals"],
  expiresAt: startMs,
  isSecretShown: true,
  previousSecretUntil: null,
  ...newHealth(startMs),
};
