/** What of the real API is left out on purpose: it is told so, instead of that there were no such path. */
import { refuse } from "../core/result.ts";
import type { CrmEndpoint } from "./crm-endpoint.ts";

/**
 * Endpoints that refuse, whatever the scopes of the token. `pathIndex` is the place of the part that is left out, counted from the one
 * behind the version.
 */
export function unsupported<const M extends string>(pathIndex: number, ...methods: readonly M[]): Readonly<Record<M, CrmEndpoint>>;
export function unsupported(pathIndex: number, ...methods: readonly string[]): Readonly<Record<string, CrmEndpoint>> {
  const endpoint: CrmEndpoint = {
    need: () => ({ service: null, part: null, operation: "READ" }),
    run: () => Promise.resolve(refuse({ code: "not_supported", pathIndex })),
  };
  return Object.fromEntries(methods.map((method) => [method, endpoint]));
}
