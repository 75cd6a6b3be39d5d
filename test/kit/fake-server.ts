/** Stands in for a server: answers each request of a `fetch` by a function, and writes down what was asked. */
import type { Fetch } from "../../src/client/system.ts";

export type Asked = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
};

export type FakeAnswer = {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Answering = (asked: Asked, index: number) => FakeAnswer | Promise<FakeAnswer>;

export type FakeServer = { readonly fetch: Fetch; readonly asked: readonly Asked[]; answerBy: (answering: Answering) => void };

export function fakeServer(answering: Answering): FakeServer {
  const asked: Asked[] = [];
  let current = answering;
  const fetch: Fetch = async (url, init) => {
    const request = new Request(url, init);
    const { pathname, search } = new URL(url);
    const one = { method: request.method, path: pathname + search, url, headers: request.headers, body: await request.text() };
    asked.push(one);
    init.signal?.throwIfAborted();
    const { status = 200, json, text = json === undefined ? null : JSON.stringify(json), headers } = await current(one, asked.length - 1);
    return new Response(text, { status, ...(headers === undefined ? {} : { headers }) });
  };
  return { fetch, asked, answerBy: (next) => void (current = next) };
}
