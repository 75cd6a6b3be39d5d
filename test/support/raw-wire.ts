/** A server that is asked byte by byte, as real clients were seen to ask: their header sets, and the requests that several tests send. */
import assert from "node:assert/strict";
import { type App, startApp } from "./app.ts";
import { listAt, textAt } from "./json.ts";
import { type RawAnswer, type RawRequest, sendRaw } from "./raw-http.ts";
import { credentialsOf } from "./seeds.ts";

const { clientId, clientSecret, refreshToken } = credentialsOf("acme");

export const versions = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"];

/** What got says of itself. */
export const got = ["user-agent: got (https://github.com/sindresorhus/got)", "accept-encoding: gzip, deflate, br"];

type Tokens = { readonly authorization: string; readonly bearer: string };

/** The header sets of the clients; what is not here they do not send. */
const clients = {
  "a typescript SDK": ({ authorization }: Tokens) => [...got, authorization, "x-zoho-sdk: linux/6.1.0/typescript-8.0/v24.0.0:3.0.0"],
  curl: ({ authorization }: Tokens) => [
    "User-Agent: curl/7.88.1",
    "Accept: */*",
    authorization,
    "Content-Type: application/x-www-form-urlencoded",
  ],
  newman: ({ bearer }: Tokens) => [
    "User-Agent: PostmanRuntime/7.39.1",
    "Accept: */*",
    "Cache-Control: no-cache",
    bearer,
    "Content-Type: application/json",
  ],
  n8n: ({ bearer }: Tokens) => [
    "User-Agent: n8n",
    "Accept: application/json",
    "Connection: close",
    bearer,
    "Content-Type: application/json",
  ],
  Chilkat: ({ bearer }: Tokens) => ["Accept: */*", "Accept-Encoding: gzip", "Content-Type: application/json", bearer],
  dereekb: ({ bearer }: Tokens) => ["user-agent: node", "accept-encoding: br, gzip, deflate", "content-type: application/json", bearer],
} as const;

export type ClientName = keyof typeof clients;
export const clientNames = Object.keys(clients) as ClientName[];

let channels = 0;
export function newChannelId(): string {
  channels += 1;
  return `15344494${String(channels).padStart(6, "0")}`;
}

/** A body of POST, its `channel_id` as the text of a JSON value. */
export function watchBody(channelId: string, more: Readonly<Record<string, unknown>> = {}): string {
  const item = { events: ["Deals.edit"], notify_url: "https://www.zoho.com/callback?a=b", ...more };
  return JSON.stringify({ watch: [{ channel_id: "?", ...item }] }).replace('"?"', channelId);
}

/** The form of a token request of the org's client. */
export function tokenForm(): string {
  return new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  }).toString();
}

export class RawWire {
  readonly app: App;
  /** Header lines with a token, in the two forms that clients send. */
  readonly authorization: string;
  readonly bearer: string;

  private constructor(app: App, accessToken: string) {
    this.app = app;
    this.authorization = `Authorization: Zoho-oauthtoken ${accessToken}`;
    this.bearer = `Authorization: Bearer ${accessToken}`;
  }

  static async start(): Promise<RawWire> {
    const app = await startApp();
    return new RawWire(app, (await app.client()).accessToken);
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }

  /** What the client sends with each request. */
  headers(client: ClientName): readonly string[] {
    return clients[client](this);
  }

  async send(request: RawRequest): Promise<RawAnswer> {
    const answer = await sendRaw(this.app.baseUrl, request);
    if (answer.text !== "") assert.match(answer.headers.get("content-type") ?? "", /^application\/json\b/, request.line);
    assert.ok(answer.headers.has("date"), "pollers read the time from Date");
    return answer;
  }

  subscribe(channelId: string, more: Readonly<Record<string, unknown>> = {}, version = "v8"): Promise<RawAnswer> {
    return this.send({ line: `POST /crm/${version}/actions/watch`, headers: [this.authorization], payload: watchBody(channelId, more) });
  }

  /** The rows that GET gives of a channel. */
  async rowsOf(channelId: string): Promise<readonly unknown[]> {
    const answer = await this.send({ line: `GET /crm/v8/actions/watch?channel_id=${channelId}`, headers: [this.authorization] });
    return answer.status === 204 ? [] : listAt(answer.body, "watch");
  }

  async insert(module: string, record: unknown): Promise<string> {
    const payload = JSON.stringify({ data: [record] });
    const answer = await this.send({ line: `POST /crm/v8/${module}`, headers: [this.authorization], payload });
    assert.equal(answer.status, 201, answer.text);
    return textAt(answer.body, "data", 0, "details", "id");
  }
}
