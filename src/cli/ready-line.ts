/** What a program that started us reads: one line of JSON when the server is ready (DESIGN §8). */

export type ReadyLine = {
  readonly ready: true;
  /** The origin of the API. */
  readonly base_url: string;
  /** The origin of the accounts host; the token endpoint is `/oauth/v2/token` on it. */
  readonly accounts_url: string;
  /** null: there is no console. */
  readonly console_url: string | null;
  /** null: the one that was given. */
  readonly admin_token: string | null;
};

export function readyLine({ baseUrl, adminToken }: { readonly baseUrl: string; readonly adminToken: string | null }): ReadyLine {
  return { ready: true, base_url: baseUrl, accounts_url: baseUrl, console_url: null, admin_token: adminToken };
}
