/** A small client: it sends exactly the headers it is told, with any method, and hands back what came. */
import assert from "node:assert/strict";
import http from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { textAt } from "./json.ts";

export type Outgoing = {
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes as it is, anything else as JSON; undefined sends no body. */
  readonly body?: unknown;
  readonly agent?: http.Agent;
  /** Ends the request, answered or not. */
  readonly signal?: AbortSignal;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed JSON; undefined when there is no body. */
  readonly body: unknown;
};

export type Credentials = { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

/** Sends one request; rejects when the connection fails. */
export function send(baseUrl: string, outgoing: Outgoing): Promise<Answer> {
  const { body } = outgoing;
  const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const url = new URL(baseUrl);
  assert.equal(url.hostname, "127.0.0.1", "tests talk to this machine only");
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...outgoing.headers };
    if (payload !== undefined) headers["Content-Length"] = String(Buffer.byteLength(payload));
    const options = {
      host: url.hostname,
      port: url.port,
      path: outgoing.path,
      method: outgoing.method,
      headers,
      agent: outgoing.agent ?? false,
      ...(outgoing.signal === undefined ? {} : { signal: outgoing.signal }),
    };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = (response.headers["content-type"] ?? "").startsWith("application/json");
        try {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: isJson && text !== "" ? JSON.parse(text) : undefined,
          });
        } catch (cause) {
          reject(new Error(`the answer says JSON and is none: ${text}`, { cause }));
        }
      });
    });
    request.on("error", reject);
    request.end(payload);
  });
}

/** The access token that the refresh grant gives. */
export async function accessTokenOf(baseUrl: string, credentials: Credentials): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    refresh_token: credentials.refreshToken,
  });
  const answer = await send(baseUrl, {
    method: "POST",
    path: "/oauth/v2/token",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  assert.equal(answer.status, 200, answer.text);
  return textAt(answer.body, "access_token");
}

/** A client of v6 with a fresh access token. */
export async function signIn(baseUrl: string, credentials: Credentials): Promise<Client> {
  return new Client({ baseUrl, accessToken: await accessTokenOf(baseUrl, credentials) });
}

export type ClientOptions = {
  readonly baseUrl: string;
  readonly accessToken: string;
  /** `v6` when absent. */
  readonly version?: string;
  /** Keeps connections open; absent, each request has its own. */
  readonly agent?: http.Agent;
};

/** Requests of one user to one version of the API; paths are those behind `/crm/{version}`. */
export class Client {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get accessToken(): string {
    return this.#options.accessToken;
  }

  request(method: string, path: string, body?: unknown): Promise<Answer> {
    const { baseUrl, accessToken, version = "v6", agent } = this.#options;
    const headers = { Authorization: `Zoho-oauthtoken ${accessToken}` };
    return send(baseUrl, { method, path: `/crm/${version}${path}`, headers, body, ...(agent === undefined ? {} : { agent }) });
  }

  /** Enables one channel and expects success. */
  async subscribe(item: Readonly<Record<string, unknown>>): Promise<Answer> {
    const answer = await this.request("POST", "/actions/watch", { watch: [item] });
    assert.equal(answer.status, 201, answer.text);
    return answer;
  }

  /** Inserts one record and gives its id. */
  async insert(module: string, record: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await this.request("POST", `/${module}`, { data: [record] });
    assert.equal(answer.status, 201, answer.text);
    return textAt(answer.body, "data", 0, "details", "id");
  }

  /** Updates one record and expects success. */
  async update(module: string, id: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await this.request("PUT", `/${module}/${id}`, { data: [values] });
    assert.equal(answer.status, 200, answer.text);
  }

  /** Deletes one record and expects success. */
  async remove(module: string, id: string): Promise<void> {
    const answer = await this.request("DELETE", `/${module}/${id}`);
    assert.equal(answer.status, 200, answer.text);
  }
}
