/** What stands behind the sign-in page (`/oauth/v2/auth`): who may ask for what, whose password it is, and the code of who agreed. */
import { limits } from "../core/limits.ts";
import { ok, refuse } from "../core/result.ts";
import { commonScopes } from "../wire/scopes.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { liveClient, takeTokenNumber } from "./issue-tokens.ts";
import { digestOf, newToken } from "./secrets.ts";

/**
 * Whether the client may ask, and for what: of the scopes asked for those that it may have. `invalid_redirect_uri` unless it is, to the
 * letter, the one registered; whoever shows the refusal must not lead there.
 */
export async function prepareConsent(context: Context, input: Input<"oauth.prepareConsent">): Promise<Output<"oauth.prepareConsent">> {
  const client = await liveClient(context, input.clientId);
  if (client === null) return refuse("invalid_client");
  if (client.redirectUri === null || client.redirectUri !== input.redirectUri) return refuse("invalid_redirect_uri");
  const scopes = commonScopes(input.scopes, client.scopes);
  if (scopes.length === 0) return refuse("invalid_scope");
  const { org } = await context.directory.home(context.tx, client.org);
  return ok({ clientName: client.name ?? client.clientId, orgName: org.name, scopes });
}

/** The active user of the client's org with this address, and the hash of the password; null when there is none of either. */
export async function findPassword(context: Context, input: Input<"oauth.findPassword">): Promise<Output<"oauth.findPassword">> {
  const client = await liveClient(context, input.clientId);
  if (client === null) return null;
  const { users } = await context.directory.home(context.tx, client.org);
  const email = input.email.toLowerCase();
  const user = [...users.values()].find((known) => known.status === "active" && known.email.toLowerCase() === email);
  if (user === undefined) return null;
  const hash = await context.tx.credentials.passwordHash(client.org, user.id);
  return hash === null ? null : { hash, user: { userId: user.id, email: user.email, firstName: user.firstName, lastName: user.lastName } };
}

/** A code for the user who agreed, good for minutes. `invalid_client` when the client or the user is gone, or the user no longer active. */
export async function grantCode(context: Context, input: Input<"oauth.grantCode">): Promise<Output<"oauth.grantCode">> {
  const { tx, now } = context;
  const client = await liveClient(context, input.clientId);
  if (client === null) return refuse("invalid_client");
  const { org, clientId } = client;
  const { users } = await context.directory.home(tx, org);
  if (users.get(input.userId)?.status !== "active") return refuse("invalid_client");
  const given = (await tx.credentials.grantsOf(org, clientId)).filter((grant) => grant.expiresAt !== null);
  const recent = given.filter((grant) => grant.createdAt > now - limits.throttleWindowMs);
  if (input.isThrottled && recent.length >= limits.grantsPerWindowMax) return refuse("throttled");
  const outdated = given.filter((grant) => !recent.includes(grant));
  const surplus = recent.slice(limits.grantsKeptPerClientMax - 1);
  for (const { digest } of [...outdated, ...surplus]) await tx.credentials.deleteGrant(org, digest);
  const code = newToken();
  await tx.credentials.insertGrant({
    org,
    digest: digestOf(code),
    number: await takeTokenNumber(context, org),
    clientId,
    userId: input.userId,
    scopes: input.scopes,
    isOffline: input.isOffline,
    createdAt: now,
    expiresAt: now + limits.grantTokenMs,
    isUsed: false,
  });
  return ok({ code });
}
