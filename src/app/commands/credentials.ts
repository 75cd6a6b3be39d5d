/** Who may ask: the seed, tokens and consent, admin tokens. */
import type { Id } from "../../core/ids.ts";
import type { Caller, Consent, IssuedToken, Principal, Profile, TokenDigest, TokenError, TokenRequest } from "../../core/principal.ts";
import type { Result } from "../../core/result.ts";
import type { Seed } from "../../core/seed.ts";

export type CredentialCommands = {
  /** Makes the orgs, users, clients, modules and records that are not there yet: all of them, or none and the reason, which names the JSON path. */
  "seed.apply": { input: { seed: Seed }; output: Result<{ readonly orgs: readonly string[]; readonly isApplied: boolean }, string> };

  /** `isThrottled`: no more tokens within a while than Zoho gives (PROTOCOL E.3). */
  "oauth.token": { input: TokenRequest & { isThrottled: boolean }; output: Result<IssuedToken, TokenError> };
  "oauth.revoke": { input: { token: string }; output: Result<{ readonly endedDigests: readonly TokenDigest[] }, "invalid_code"> };
  "oauth.prepareConsent": {
    input: { clientId: string; redirectUri: string; scopes: readonly string[] };
    output: Result<Consent, "invalid_client" | "invalid_redirect_uri" | "invalid_scope">;
  };
  "oauth.findPassword": { input: { clientId: string; email: string }; output: { readonly user: Profile; readonly hash: string } | null };
  "oauth.grantCode": {
    input: { clientId: string; userId: Id; scopes: readonly string[]; isOffline: boolean; isThrottled: boolean };
    output: Result<{ readonly code: string }, "invalid_client" | "throttled">;
  };
  /** The key that the forms of the sign-in page are signed with, in base64url. */
  "oauth.formKey": { input: Record<never, never>; output: { readonly key: string } };
  "oauth.profile": { input: { caller: Caller }; output: Profile | null };
  "auth.principal": { input: { accessToken: string }; output: Principal | null };
  "admin.addToken": { input: { adminToken: string }; output: null };
  "admin.hasToken": { input: { adminToken: string }; output: boolean };
};
