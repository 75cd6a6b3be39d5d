/** What the endpoints of the accounts server share: sessions, the signature of its forms, and what is counted in memory. */
import { isPassword } from "../app/password.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Authenticator } from "./authentication.ts";
import type { SignInAttempts } from "./sign-in-attempts.ts";
import { createSignInAttempts } from "./sign-in-attempts.ts";
import type { Tickets } from "./tickets.ts";
import { createTickets } from "./tickets.ts";

export type Accounts = {
  readonly authenticator: Authenticator;
  /** Signed with the store's key: a form that another process made is taken too. */
  tickets(): Promise<Tickets>;
  readonly attempts: SignInAttempts;
  /** Whether a client gets only so many tokens and codes within a while. */
  readonly throttlesTokens: boolean;
  /** Whether it is the password that was hashed; null when too many are being checked. A hash that is null takes as long as any. */
  checkPassword(password: string, hash: string | null): Promise<boolean | null>;
};

export type AccountsOptions = {
  readonly clock: Pick<Clock, "now">;
  readonly authenticator: Authenticator;
  readonly throttlesTokens: boolean;
  /** The store's key, in base64url. */
  readonly formKey: () => Promise<string>;
};

export function createAccounts({ clock, authenticator, throttlesTokens, formKey }: AccountsOptions): Accounts {
  let checking = 0;
  let known: Tickets | null = null;
  return {
    authenticator,
    throttlesTokens,
    tickets: async () => (known ??= createTickets(Buffer.from(await formKey(), "base64url"), clock)),
    attempts: createSignInAttempts(clock),
    async checkPassword(password, hash) {
      if (checking >= limits.passwordChecksMax) return null;
      checking += 1;
      try {
        return await isPassword(password, hash);
      } finally {
        checking -= 1;
      }
    },
  };
}
