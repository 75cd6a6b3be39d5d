/**
 * Who asks. The principal of an access token is kept for a while, so that a busy client costs the store one question a
 * minute; it is kept under a hash of the token and never past the token's end.
 */
import { hash } from "node:crypto";
import type { Caller, Principal, TokenDigest } from "../core/principal.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";
import { writeDateTime } from "../wire/datetime.ts";

/** A principal with the headers that its answers carry. */
export type Session = {
  readonly principal: Principal;
  /** The part of the principal that crosses to the engine. */
  readonly caller: Caller;
  /** `X-ACCESSTOKEN-RESET`: when the token ends, in the org's time zone (v2.1 seed). */
  readonly headers: readonly string[];
};

export type Authenticator = {
  /**
   * Reads `Zoho-oauthtoken T` or `Bearer T` (PROTOCOL E.2). `unauthenticated` when the header is absent or of another form,
   * `token_invalid` when the token is unknown or has ended.
   */
  authenticate(authorization: string | undefined): Promise<Result<Session>>;
  /** As `authenticate`, after the store has said that `outdated` is to be asked again. */
  renew(authorization: string | undefined, outdated: Session): Promise<Result<Session>>;
  /** Makes the next request of every token ask the store again: a user may have been deactivated. */
  readonly forgetSessions: () => void;
  /** Ends the sessions of tokens that the store has ended. */
  readonly endSessions: (digests: readonly TokenDigest[]) => void;
};

export type AuthenticatorOptions = {
  readonly clock: Pick<Clock, "now">;
  /** The principal of an access token; null when it is unknown. */
  readonly principalOf: (accessToken: string) => Promise<Principal | null>;
};

export function createAuthenticator({ clock, principalOf }: AuthenticatorOptions): Authenticator {
  const cache = new SessionCache(limits.cachedTokensMax);
  // Counts what made kept principals untrue. An answer of the store that was under way meanwhile is used once and not kept.
  let endings = 0;

  const authenticator: Authenticator = {
    async authenticate(authorization) {
      const accessToken = tokenOf(authorization);
      if (accessToken === null) return refuse({ code: "unauthenticated" });
      const key = keyOf(accessToken);
      const kept = cache.get(key, clock.now());
      if (kept !== undefined) return ok(kept);
      const endingsBefore = endings;
      const principal = await principalOf(accessToken);
      const now = clock.now();
      if (principal === null || principal.expiresAt <= now) return refuse({ code: "token_invalid" });
      const session = {
        principal,
        caller: { org: principal.org, userId: principal.userId },
        headers: ["X-ACCESSTOKEN-RESET", writeDateTime(principal.expiresAt, principal.timeZone)],
      };
      if (endings === endingsBefore) cache.set(key, session, Math.min(now + limits.cachedTokenMs, principal.expiresAt));
      return ok(session);
    },
    renew(authorization, outdated) {
      const key = keyOf(tokenOf(authorization) ?? "");
      // Another request of the token may have renewed it already.
      if (cache.get(key, clock.now()) === outdated) cache.delete(key);
      return authenticator.authenticate(authorization);
    },
    forgetSessions() {
      endings += 1;
      cache.clear();
    },
    endSessions(digests) {
      if (digests.length === 0) return;
      endings += 1;
      for (const digest of digests) cache.delete(digest);
    },
  };
  return authenticator;
}

function tokenOf(authorization: string | undefined): string | null {
  return bearerOf(authorization, /^(?:zoho-oauthtoken|bearer) +(\S+)$/i);
}

function keyOf(accessToken: string): TokenDigest {
  return hash("sha256", accessToken, "hex");
}

/** The token that `pattern` captures in an Authorization header, or null. */
export function bearerOf(authorization: string | undefined, pattern: RegExp): string | null {
  return (authorization === undefined ? null : pattern.exec(authorization)?.[1]) ?? null;
}

/** The least recently used leaves first: a Map keeps the order in which its keys were set. */
class SessionCache {
  readonly #sessions = new Map<string, { session: Session; until: number }>();
  readonly #entriesMax: number;
  /** The key used last; mostly it is asked for again, and stands where it belongs. */
  #newest: string | null = null;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(key: string, now: number): Session | undefined {
    const entry = this.#sessions.get(key);
    if (entry === undefined) return undefined;
    if (entry.until <= now) {
      this.#sessions.delete(key);
      return undefined;
    }
    if (key !== this.#newest) this.#moveToEnd(key, entry);
    return entry.session;
  }

  clear(): void {
    this.#sessions.clear();
  }

  delete(key: string): void {
    this.#sessions.delete(key);
  }

  set(key: string, session: Session, until: number): void {
    this.#moveToEnd(key, { session, until });
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > this.#entriesMax && oldest.done !== true) this.#sessions.delete(oldest.value);
  }

  #moveToEnd(key: string, entry: { session: Session; until: number }): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, entry);
    this.#newest = key;
  }
}
