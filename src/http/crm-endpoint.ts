/** What an endpoint of the CRM is: a scope it needs and what it does, for a caller who has been let in. */
import type { Caller, Principal } from "../core/principal.ts";
import type { Engine } from "../app/commands.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import type { Json } from "../wire/json.ts";
import type { ScopeNeed } from "../wire/scopes.ts";
import type { Version } from "../wire/versions.ts";
import type { Query } from "./query.ts";

/** The named parts of a path, percent-decoded. */
export type Params = Readonly<Record<string, string | undefined>>;

export type CrmCall = {
  readonly engine: Pick<Engine, "run">;
  readonly principal: Principal;
  readonly caller: Caller;
  readonly version: Version;
  readonly params: Params;
  readonly query: Query;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The server's own origin, without a slash at its end. */
  readonly baseUrl: string;
  /** For a write after which a token may stand for nobody. */
  readonly forgetSessions: () => void;
  /** Reads the body as JSON, whatever its Content-Type says. */
  readJson(): Promise<Result<unknown>>;
};

/** `body` null: an answer without a body (204). */
export type CrmReply = { readonly status: number; readonly body: Json | null };

export type CrmEndpoint = {
  need(params: Params): ScopeNeed;
  run(call: CrmCall): Promise<Result<CrmReply>>;
};

/** "Nothing" is 204 without a body (CLIENTS 2.7). */
export const nothing: Result<CrmReply> = ok({ status: 204, body: null });

export function found(body: Json): Result<CrmReply> {
  return ok({ status: 200, body });
}

/** The refusal of an item that is at fault only because of the URL: then it is the whole answer, bare (PROTOCOL F.1). null: none. */
export function findPathFault(results: readonly Result<unknown>[]): Refusal | null {
  const [only] = results;
  return results.length === 1 && only !== undefined && !only.ok && only.error.pathIndex !== undefined ? only.error : null;
}

/** The part of the path with this name; the router gives every part of a path that it has matched. */
export function pathPart(params: Params, name: string): string {
  return params[name] ?? "";
}
