/** What a program that started us reads: one line of JSON when the server is ready (DESIGN §8). */

export type ReadyLine = {
  readonly ready: true;
  /** The origin of the API. */
  readonly base_url: string;
  /** The origin of the accounts host; the token endpoint is `/oauth/v2/token` on it. */
  readonly accounts_url: string;
  /** The web console. */
  readonly console_url: string;
  /** null: the one that was given. */
  readonly admin_token: string | null;
};

export function readyLine({ baseUrl, adminToken }: { readonly baseUrl: string; readonly adminToken: string | null }): ReadyLine {
  return { ready: true, base_url: baseUrl, accounts_url: baseUrl, console_url: consoleUrl(baseUrl), admin_token: adminToken };
}

export function consoleUrl(baseUrl: string): string {
  return `${baseUrl}/console/`;
}
