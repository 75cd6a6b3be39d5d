/** The console's session, and who may do what: orgs, users, clients, access tokens, the audit log. */
import type { Client, Page, Query } from "./client.ts";

export type Session = {
  readonly signed_in: boolean;
  readonly csrf: string | null;
  readonly version: string;
  readonly is_dev: boolean;
  readonly org_count: number;
};

export type Org = {
  readonly zgid: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly created_at: string;
  readonly lifecycle_url: string | null;
  readonly users: number;
};

export type User = {
  readonly id: string;
  readonly org: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly status: string;
};

export type AccessClient = {
  readonly client_id: string;
  readonly org: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly user_id: string | null;
  readonly redirect_uri: string | null;
};

export type NewClient = {
  readonly org: string;
  readonly name: string;
  readonly scope: string;
  readonly user_email?: string | undefined;
  readonly redirect_uri?: string | undefined;
};

export type MadeClient = { readonly client: AccessClient; readonly client_secret: string; readonly refresh_token: string | null };

export type Token = {
  readonly id: string;
  readonly org: string;
  readonly client_id: string | null;
  readonly user_id: string;
  readonly scopes: readonly string[];
  readonly issued_at: string;
  readonly expires_at: string;
};

export type AuditEntry = {
  readonly id: number;
  readonly at: string;
  readonly actor: "token" | "console";
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly summary: string;
};

export function showSession(client: Client): Promise<Session> {
  return client.get("/console/session");
}

export async function signIn(client: Client, token: string): Promise<void> {
  await client.post("/console/session", { token });
}

export async function signOut(client: Client): Promise<void> {
  await client.send({ method: "DELETE", path: "/console/session" });
}

export async function listOrgs(client: Client): Promise<readonly Org[]> {
  return (await client.get<{ orgs: readonly Org[] }>("/api/v1/orgs")).orgs;
}

/** `url` null: no lifecycle notifications any more. The secret comes when it is new, and only then. */
export function setLifecycle(
  client: Client,
  zgid: string,
  url: string | null,
): Promise<{ readonly org: Org; readonly secret: string | null }> {
  return client.post(`/api/v1/orgs/${encodeURIComponent(zgid)}/lifecycle`, { url });
}

export async function listUsers(client: Client, query: Query): Promise<Page<User>> {
  const { users, next_cursor } = await client.get<{ users: readonly User[]; next_cursor?: string | null }>("/api/v1/users", query);
  return { rows: users, nextCursor: next_cursor ?? null };
}

export async function listClients(client: Client, query: Query): Promise<Page<AccessClient>> {
  const { clients, next_cursor } = await client.get<{ clients: readonly AccessClient[]; next_cursor?: string | null }>(
    "/api/v1/clients",
    query,
  );
  return { rows: clients, nextCursor: next_cursor ?? null };
}

export function createAccessClient(client: Client, made: NewClient): Promise<MadeClient> {
  return client.post("/api/v1/clients", made);
}

export async function revokeClient(client: Client, clientId: string): Promise<void> {
  await client.post(`/api/v1/clients/${encodeURIComponent(clientId)}/revoke`);
}

export async function listTokens(client: Client, query: Query): Promise<Page<Token>> {
  const { tokens, next_cursor } = await client.get<{ tokens: readonly Token[]; next_cursor?: string | null }>("/api/v1/tokens", query);
  return { rows: tokens, nextCursor: next_cursor ?? null };
}

export function createToken(
  client: Client,
  wanted: { readonly org?: string | undefined; readonly scope?: string | undefined },
): Promise<{ readonly access_token: string; readonly token: Token; readonly api_domain: string }> {
  return client.post("/api/v1/tokens", wanted);
}

export async function revokeToken(client: Client, id: string): Promise<void> {
  await client.post(`/api/v1/tokens/${encodeURIComponent(id)}/revoke`);
}

export async function listAudit(client: Client, query: Query): Promise<Page<AuditEntry>> {
  const { entries, next_cursor } = await client.get<{ entries: readonly AuditEntry[]; next_cursor?: string | null }>(
    "/api/v1/audit",
    query,
  );
  return { rows: entries, nextCursor: next_cursor ?? null };
}
