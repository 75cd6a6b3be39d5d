/** Users, clients and tokens as operators see them: listed without a secret, made with one that is shown once, revoked. */
import type { User, Org } from "../core/org.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { AccessTokenRow, ClientRow } from "../store/ports/credentials.ts";
import type { AccessPage, AccessRefusal, ClientView, Input, Output, TokenView } from "./commands.ts";
import type { Context } from "./context.ts";
import { endAccessTokens } from "./end-tokens.ts";
import { newAccess, takeTokenNumber } from "./issue-tokens.ts";
import { digestOf, newClientId, newClientSecret, newToken } from "./secrets.ts";

/** The client that tokens made by an operator belong to; it is no client that could ask for tokens itself. */
const operatorClientId = "watchpost-admin";
const tokenIdChars = 16;

export async function listUserAccounts(context: Context, input: Input<"access.users">): Promise<Output<"access.users">> {
  const keyed: Keyed<Output<"access.users">["rows"][number]>[] = [];
  for (const org of await orgsOf(context, input.zgid)) {
    const { users } = await context.directory.home(context.tx, org.key);
    for (const { id, email, firstName, lastName, status } of users.values()) {
      keyed.push({ key: keyIn(org, id.padStart(20, "0")), row: { id, zgid: org.zgid, email, firstName, lastName, status } });
    }
  }
  return pageOf(keyed, input);
}

export async function listClients(context: Context, input: Input<"access.clients">): Promise<Output<"access.clients">> {
  const keyed: Keyed<ClientView>[] = [];
  for (const org of await orgsOf(context, input.zgid)) {
    const clients = await context.tx.credentials.clientsOf(org.key);
    keyed.push(...clients.map((client) => ({ key: keyIn(org, client.clientId), row: clientView(client, org.zgid) })));
  }
  return pageOf(keyed, input);
}

export async function makeClient(context: Context, input: Input<"access.makeClient">): Promise<Output<"access.makeClient">> {
  const found = await orgAndUser(context, input);
  if (!found.ok) return found;
  const { org, user } = found.value;
  const { name, scopes, redirectUri } = input;
  const userId = input.userEmail === null ? null : user.id;
  const clientSecret = newClientSecret();
  const identity = { org: org.key, clientId: newClientId(), name, secretDigest: digestOf(clientSecret) };
  const client: ClientRow = { ...identity, userId, scopes, redirectUri, revokedAt: null };
  await context.tx.credentials.insertClient(client);
  const refreshToken = userId === null ? null : newToken();
  if (userId !== null && refreshToken !== null) {
    const number = await takeTokenNumber(context, org.key);
    const holder = { org: org.key, clientId: client.clientId, userId };
    await context.tx.credentials.insertRefreshToken({ ...holder, digest: digestOf(refreshToken), number, scopes, createdAt: context.now });
  }
  return ok({ client: clientView(client, org.zgid), clientSecret, refreshToken });
}

export async function revokeClient(context: Context, input: Input<"access.revokeClient">): Promise<Output<"access.revokeClient">> {
  const client = await context.tx.credentials.client(input.clientId);
  if (client === null) return null;
  const { org } = await context.directory.home(context.tx, client.org);
  // The second time it ends nothing more, and keeps the time of the first.
  const revokedAt = client.revokedAt ?? context.now;
  const endedDigests = await context.tx.credentials.revokeClient({ org: org.key, clientId: client.clientId, at: revokedAt });
  return { client: clientView({ ...client, revokedAt }, org.zgid), endedDigests };
}

export async function listTokens(context: Context, input: Input<"access.tokens">): Promise<Output<"access.tokens">> {
  const [issuedAt = "", id = ""] = (input.cursor ?? "").split(".");
  // Behind every digest that begins with the id.
  const after = input.cursor === null ? null : { issuedAt: Number(issuedAt), digest: `${id}g` };
  const views: TokenView[] = [];
  for (const org of await orgsOf(context, input.zgid)) {
    const rows = await context.tx.credentials.liveAccessTokens({ org: org.key, now: context.now, after, limit: input.limit + 1 });
    views.push(...rows.map((row) => tokenView(row, org.zgid)));
  }
  views.sort((a, b) => b.issuedAt - a.issuedAt || (a.id < b.id ? -1 : 1));
  const rows = views.slice(0, input.limit);
  const last = rows.at(-1);
  return { rows, nextCursor: views.length > rows.length && last !== undefined ? `${last.issuedAt}.${last.id}` : null };
}

export async function makeToken(context: Context, input: Input<"access.makeToken">): Promise<Output<"access.makeToken">> {
  const found = await orgAndUser(context, input);
  if (!found.ok) return found;
  const { org, user } = found.value;
  const holder = { org: org.key, clientId: operatorClientId, userId: user.id };
  const issued = await newAccess(context, { ...holder, scopes: input.scopes, refreshDigest: null, isThrottled: false });
  if (!issued.ok) throw new Error("invariant broken: a token that is not throttled was refused");
  const { accessToken, endedDigests } = issued.value;
  const row = await context.tx.credentials.accessToken(digestOf(accessToken));
  if (row === null) throw new Error("invariant broken: a token just made is not there");
  return ok({ accessToken, token: tokenView(row, org.zgid), endedDigests });
}

export async function revokeAccessToken(context: Context, { id }: Input<"access.revokeToken">): Promise<Output<"access.revokeToken">> {
  const [row, ...others] = await context.tx.credentials.accessTokensLike(id);
  // Of two that begin alike neither is meant.
  if (row === undefined || others.length > 0) return null;
  const { org } = await context.directory.home(context.tx, row.org);
  return { token: tokenView(row, org.zgid), endedDigests: await endAccessTokens(context, [row]) };
}

type Named = { readonly zgid: string | null; readonly userEmail: string | null };

async function orgAndUser(
  context: Context,
  { zgid, userEmail }: Named,
): Promise<Result<{ readonly org: Org; readonly user: User }, AccessRefusal>> {
  const [org, ...others] = await orgsOf(context, zgid);
  if (org === undefined) return refuse("unknown_org");
  if (others.length > 0) return refuse("org_unsaid");
  const { users } = await context.directory.home(context.tx, org.key);
  const email = userEmail?.toLowerCase() ?? null;
  const active = [...users.values()].filter((user) => user.status === "active");
  const user = active.find((candidate) => email === null || candidate.email.toLowerCase() === email);
  return user === undefined ? refuse("unknown_user") : ok({ org, user });
}

async function orgsOf(context: Context, zgid: string | null): Promise<readonly Org[]> {
  if (zgid === null) return context.tx.orgs.allOrgs();
  const org = await context.tx.orgs.orgByZgid(zgid);
  return org === null ? [] : [org];
}

/** A row with what it is sorted by, which is also the cursor behind it. */
type Keyed<Row> = { readonly key: string; readonly row: Row };

function keyIn(org: Org, id: string): string {
  return `${String(org.key).padStart(10, "0")}:${id}`;
}

function pageOf<Row>(
  all: readonly Keyed<Row>[],
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): AccessPage<Row> {
  const behind = all.filter(({ key }) => cursor === null || key > cursor).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = behind.slice(0, limit);
  return { rows: page.map(({ row }) => row), nextCursor: behind.length > page.length ? (page.at(-1)?.key ?? null) : null };
}

function clientView({ clientId, name, scopes, userId, redirectUri, revokedAt }: ClientRow, zgid: string): ClientView {
  return { clientId, zgid, name, scopes, userId, redirectUri, revokedAt };
}

function tokenView({ digest, clientId, userId, scopes, issuedAt, expiresAt }: AccessTokenRow, zgid: string): TokenView {
  return { id: digest.slice(0, tokenIdChars), zgid, clientId, userId, scopes, issuedAt, expiresAt };
}
