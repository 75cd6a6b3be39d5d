/** Who asks: the user of an access token, or the holder of an admin token. */
import { limits } from "../core/limits.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { digestOf } from "./secrets.ts";

/** Who the access token stands for; null when it is unknown or has ended, or its user is no longer active. */
export async function findPrincipal(context: Context, input: Input<"auth.principal">): Promise<Output<"auth.principal">> {
  const token = await context.tx.credentials.accessToken(digestOf(input.accessToken));
  if (token === null || token.expiresAt <= context.now) return null;
  const { org, users } = await context.directory.home(context.tx, token.org);
  if (users.get(token.userId)?.status !== "active") return null;
  const { userId, clientId, scopes, expiresAt } = token;
  const accessEpoch = await context.tx.orgs.accessEpoch(org.key);
  return { org: org.key, zgid: org.zgid, timeZone: org.timeZone, userId, clientId, scopes, expiresAt, accessEpoch };
}

/** What `/oauth/user/info` tells; null when the user is gone. */
export async function showProfile(context: Context, { caller }: Input<"oauth.profile">): Promise<Output<"oauth.profile">> {
  const { users } = await context.directory.home(context.tx, caller.org);
  const user = users.get(caller.userId);
  return user === undefined ? null : { userId: user.id, email: user.email, firstName: user.firstName, lastName: user.lastName };
}

export async function addAdminToken(context: Context, input: Input<"admin.addToken">): Promise<null> {
  const digest = digestOf(input.adminToken);
  await context.tx.credentials.addAdminToken({ digest, createdAt: context.now, keep: limits.adminTokensKeptMax });
  return null;
}

export async function hasAdminToken(context: Context, input: Input<"admin.hasToken">): Promise<boolean> {
  return context.tx.credentials.hasAdminToken(digestOf(input.adminToken));
}
