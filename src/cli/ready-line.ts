/** What a program that started us reads: one line of JSON when the server is ready (DESIGN §8). */

export type ReadyLine = {
  readonly ready: true;
  /** The origin of the API; of a node without the API, where it answers its probes. */
  readonly base_url: string;
  /** The origin of the accounts host; the token endpoint is `/oauth/v2/token` on it. null: a node without the API. */
  readonly accounts_url: string | null;
  /** The web console. null: a node without the API. */
  readonly console_url: string | null;
  /** null: the one that was given, or a node without the API. */
  readonly admin_token: string | null;
};

export function readyLine({ baseUrl, adminToken }: { readonly baseUrl: string; readonly adminToken: string | null }): ReadyLine {
  return { ready: true, base_url: baseUrl, accounts_url: baseUrl, console_url: consoleUrl(baseUrl), admin_token: adminToken };
}

/** That of a node without the API. */
export function probesReadyLine(localUrl: string): ReadyLine {
  return { ready: true, base_url: localUrl, accounts_url: null, console_url: null, admin_token: null };
}

export function consoleUrl(baseUrl: string): string {
  return `${baseUrl}/console/`;
}
