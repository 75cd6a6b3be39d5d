/** The orgs that tests start with, in the form of a seed file. */
import assert from "node:assert/strict";
import { parseSeed } from "../../src/config/seed-parser.ts";
import type { Seed } from "../../src/core/seed.ts";
import type { Credentials } from "./client.ts";

export const everyScope = [
  "ZohoCRM.notifications.ALL",
  "ZohoCRM.modules.ALL",
  "ZohoCRM.settings.ALL",
  "ZohoCRM.users.ALL",
  "ZohoCRM.org.ALL",
  "ZohoSearch.securesearch.READ",
] as const;

export type OrgFile = {
  readonly org: { readonly name: string; readonly zgid: string; readonly time_zone: string; readonly currency: string };
  readonly users: readonly {
    readonly email: string;
    readonly first_name: string;
    readonly last_name: string;
    readonly password?: string;
  }[];
  readonly clients: readonly Readonly<Record<string, string>>[];
  readonly modules?: readonly unknown[];
  readonly records?: Readonly<Record<string, readonly unknown[]>>;
};

/** A client whose secret and tokens follow from its name. */
export function clientFile(name: string, userEmail: string, scopes: readonly string[] = everyScope): Readonly<Record<string, string>> {
  const { clientId, clientSecret, refreshToken } = credentialsOf(name);
  return {
    client_id: clientId,
    client_secret: clientSecret,
    user_email: userEmail,
    scope: scopes.join(","),
    refresh_token: refreshToken,
    grant_token: grantTokenOf(name),
  };
}

export function credentialsOf(name: string): Credentials {
  return { clientId: `1000.${name}`, clientSecret: `secret-of-${name}`, refreshToken: `1000.refresh-of-${name}` };
}

export function grantTokenOf(name: string): string {
  return `1000.grant-of-${name}`;
}

/** An org with one user and one client; the client has the org's name. */
export function orgFile(name: string, zgid: string, more: Partial<OrgFile> = {}): OrgFile {
  const email = `owner@${name}.example`;
  return {
    org: { name, zgid, time_zone: "Asia/Kolkata", currency: "USD" },
    users: [{ email, first_name: "Ada", last_name: "Owner" }],
    clients: [clientFile(name, email)],
    ...more,
  };
}

export const acme = orgFile("acme", "554023000");

/** The seed that these files are read as. */
export function seedOf(...orgs: readonly OrgFile[]): Seed {
  const seed = parseSeed({ orgs });
  assert.ok(seed.ok, seed.ok ? "" : seed.error);
  return seed.value;
}
