/** Who may ask: access tokens with scopes for the CRM, an admin token for the operator (PROTOCOL E.1, E.2). */
import type { ScopeNeed } from "../wire/scopes.ts";
import { scopesFor } from "../wire/scopes.ts";
import type { Schema } from "./schema.ts";

/** Lists of scopes of which each is enough. `{module}` stands for the scope name of the module in the path. */
export type Scopes = readonly (readonly string[])[];

export function scopesNeeded(need: ScopeNeed): Scopes {
  return scopesFor(need.service === "modules" ? { ...need, part: "{module}" } : need);
}

export function securityOf(asked: {
  readonly surface: "crm" | "open" | "admin";
  readonly scopes: Scopes;
  readonly isForAnyToken: boolean;
}): readonly Schema[] {
  if (asked.surface === "admin") return [{ adminToken: [] }, { consoleSession: [] }];
  if (asked.surface === "open" && !asked.isForAnyToken) return [];
  const plain = asked.scopes.filter(isPlain);
  const enough = plain.length === 0 ? [[]] : plain;
  return tokenSchemes.flatMap((name) => enough.map((scopes) => ({ [name]: scopes })));
}

/** The schemes, the OAuth one with every scope that a route needs. */
export function securitySchemes(needs: readonly (ScopeNeed | null)[], baseUrl: string): Schema {
  const named = needs.flatMap((need) => (need === null ? [] : scopesNeeded(need).filter(isPlain).flat()));
  const scopes = Object.fromEntries([...new Set(named)].toSorted().map((scope) => [scope, meaningOf(scope)]));
  const tokenUrl = `${baseUrl}/oauth/v2/token`;
  return {
    oauth: {
      type: "oauth2",
      description: "An access token, as Authorization: Bearer.",
      flows: {
        authorizationCode: { authorizationUrl: `${baseUrl}/oauth/v2/auth`, tokenUrl, refreshUrl: tokenUrl, scopes },
        clientCredentials: { tokenUrl, scopes },
      },
    },
    zohoOauthtoken: {
      type: "apiKey",
      in: "header",
      name: "Authorization",
      description: "The same access token, as Authorization: Zoho-oauthtoken, which is what the official SDKs send.",
    },
    consoleSession: {
      type: "apiKey",
      in: "cookie",
      name: "watchpost_session",
      description: "The console's session. Every method but GET needs X-Watchpost-CSRF besides.",
    },
    adminToken: { type: "http", scheme: "bearer", description: "The admin token, as Authorization: Bearer." },
  };
}

const tokenSchemes = ["oauth", "zohoOauthtoken"] as const;

/** By the last word of a scope. */
const meanings: Readonly<Record<string, string>> = {
  ALL: "All of",
  READ: "Reading",
  WRITE: "Making and changing",
  CREATE: "Making",
  UPDATE: "Changing",
  DELETE: "Deleting",
};

/** `Reading modules` of `ZohoCRM.modules.READ`. */
function meaningOf(scope: string): string {
  const words = scope.split(".");
  return `${meanings[words.at(-1) ?? ""] ?? ""} ${words.slice(1, -1).join(" ")}`;
}

function isPlain(scopes: readonly string[]): boolean {
  return scopes.every((scope) => !scope.includes("{"));
}
