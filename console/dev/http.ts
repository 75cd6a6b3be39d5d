/** Requests and answers of the fake server, before and behind node:http. */
import { type JsonObject, isJsonObject, parseJson } from "../src/api/json.ts";
import type { World } from "./world.ts";

export type FakeCall = {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** The CSRF mark of the session, or null. */
  readonly session: string | null;
  /** Does something a little later, as an engine would. */
  readonly later: (act: () => void, delayMs?: number) => void;
};

export type FakeAnswer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

/** By method and path. */
export type FakeRoutes = Readonly<Record<string, (call: FakeCall) => FakeAnswer>>;

export function answer(body: unknown, status = 200): FakeAnswer {
  return { status, body };
}

export function fault(status: number, code: string, message: string): FakeAnswer {
  return { status, body: { error: { code, message } } };
}

/** A page of a list, by cursors that are places in it. */
export function pageOf(name: string, rows: readonly unknown[], query: URLSearchParams): FakeAnswer {
  const limit = Number(query.get("limit") ?? "50");
  const from = Number(query.get("cursor") ?? "0");
  const next = from + limit;
  return answer({ [name]: rows.slice(from, next), next_cursor: next < rows.length ? String(next) : null });
}

export function readJson(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}
