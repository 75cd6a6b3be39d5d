/**
 * Sessions of the console. They are in the store, so that a restart signs nobody out and every process knows who has signed out; of the
 * id only a digest is kept. A session ends when it is signed out, when nobody has used it for a while, when newer ones push it out, or
 * when its admin token is no longer one.
 */
import { limits } from "../core/limits.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { digestOf, newSessionId } from "./secrets.ts";

export async function signIn(context: Context, { adminToken, at }: Input<"session.signIn">): Promise<Output<"session.signIn">> {
  const tokenDigest = digestOf(adminToken);
  if (!(await context.tx.credentials.hasAdminToken(tokenDigest))) return null;
  const sessionId = newSessionId();
  const session = { digest: digestOf(sessionId), tokenDigest, createdAt: at, usedAt: at };
  await context.tx.sessions.insert(session, limits.consoleSessionsKeptMax);
  return { sessionId };
}

export async function useSession(context: Context, input: Input<"session.use">): Promise<Output<"session.use">> {
  const { sessions, credentials, orgs } = context.tx;
  const digest = digestOf(input.sessionId);
  const session = await sessions.byDigest(digest);
  if (session === null) return null;
  const isIdle = input.at - session.usedAt >= limits.consoleSessionIdleMs;
  if (isIdle || !(await credentials.hasAdminToken(session.tokenDigest))) {
    await sessions.remove(digest);
    return null;
  }
  // Not at each use: a page that asks often would make each of its questions a write.
  if (input.isUse && input.at - session.usedAt >= limits.consoleSessionTouchMs) await sessions.touch(digest, input.at);
  return { orgs: (await orgs.allOrgs()).length };
}

export async function signOut(context: Context, { sessionId }: Input<"session.signOut">): Promise<null> {
  await context.tx.sessions.remove(digestOf(sessionId));
  return null;
}
