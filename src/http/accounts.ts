/** What the endpoints of the accounts server share: sessions, the signature of its forms, and what is counted in memory. */
import { randomBytes } from "node:crypto";
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
  readonly tickets: Tickets;
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
};

const keyBytes = 32;

/** The key of the forms is made anew at each start: a form that was open then has to be opened again. */
export function createAccounts({ clock, authenticator, throttlesTokens }: AccountsOptions): Accounts {
  let checking = 0;
  return {
    authenticator,
    throttlesTokens,
    tickets: createTickets(randomBytes(keyBytes), clock),
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
