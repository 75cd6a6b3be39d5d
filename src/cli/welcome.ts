/** What `watchpost dev` says to a newcomer: the connection, and commands to paste that show the main job. */
import type { Id } from "../core/ids.ts";
import type { SeedClient } from "../core/seed.ts";
import { consoleUrl } from "./ready-line.ts";
import type { Terminal } from "./terminal.ts";

export type Welcome = {
  readonly baseUrl: string;
  readonly adminToken: string;
  /** null: the seed has none. */
  readonly client: SeedClient | null;
  /** A Deal that is there; null: none. */
  readonly dealId: Id | null;
  /** The certificate that curl is to trust, since no authority it knows may have signed it; null: plain http. */
  readonly caFile: string | null;
  /** Where the first channel leads; null: there is none. */
  readonly inboxUrl: string | null;
  /** null: nobody whose password we may print. */
  readonly signIn: SignInHint | null;
};

/** A user and a client for the sign-in page. */
export type SignInHint = { readonly client: SeedClient; readonly email: string; readonly password: string };

const receiverPort = 9000;

/** Line by line. Commands stand unindented and uncoloured, for copying. */
export function welcomeLines(welcome: Welcome, style: Terminal["style"]): readonly string[] {
  const { baseUrl, adminToken, client } = welcome;
  const facts: readonly (readonly [string, string | null])[] = [
    ["base URL", baseUrl],
    ["token endpoint", `${baseUrl}/oauth/v2/token`],
    ["client id", client?.clientId ?? null],
    ["client secret", client?.clientSecret ?? null],
    ["refresh token", client?.refreshToken ?? null],
    ["admin token", adminToken],
    ["console", consoleUrl(baseUrl)],
    ["inbox", welcome.inboxUrl],
  ];
  const rows = facts.flatMap(([name, value]) => (value === null ? [] : [`  ${style("dim", name.padEnd(16))}${value}`]));
  return [
    "",
    style("bold", "Watchpost is ready."),
    "",
    ...rows,
    "",
    ...consoleLines(welcome, style),
    ...tryLines(welcome, style),
    ...signInLines(welcome, style),
    style("dim", "Ctrl-C stops the server."),
  ];
}

function consoleLines({ baseUrl, inboxUrl }: Welcome, style: Terminal["style"]): readonly string[] {
  const inbox = inboxUrl === null ? "" : "; its inbox shows a notification for every record you make or edit";
  return [style("cyan", `# In a browser, sign in with the admin token${inbox}:`), consoleUrl(baseUrl), ""];
}

function tryLines({ baseUrl, client, dealId, caFile }: Welcome, style: Terminal["style"]): readonly string[] {
  if (client === null || client.refreshToken === null) return [];
  const curl = curlTrusting(caFile);
  return [
    step("A receiver, in a terminal of its own:"),
    `node -e 'require("http").createServer((q,s)=>{q.pipe(process.stdout);s.end()}).listen(${String(receiverPort)},"127.0.0.1")'`,
    "",
    step("An access token:"),
    `TOKEN=$(${curl} ${shellWord(`${baseUrl}/oauth/v2/token`)} -d grant_type=refresh_token -d ${shellWord(`client_id=${client.clientId}`)} ` +
      `-d ${shellWord(`client_secret=${client.clientSecret}`)} -d ${shellWord(`refresh_token=${client.refreshToken}`)} ` +
      `| sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    "",
    step("Subscribe to Deals:"),
    apiCall(curl, `${baseUrl}/crm/v6/actions/watch`, {
      watch: [{ channel_id: "1000000068001", events: ["Deals.all"], notify_url: `http://127.0.0.1:${String(receiverPort)}/callback` }],
    }),
    "",
    ...(dealId === null
      ? [
          step("Make a Deal, and the receiver hears of it:"),
          apiCall(curl, `${baseUrl}/crm/v6/Deals`, { data: [{ Deal_Name: "First deal", Stage: "Qualification" }] }),
        ]
      : [
          step("Edit a Deal, and the receiver hears of it:"),
          apiCall(`${curl} -X PUT`, `${baseUrl}/crm/v6/Deals/${dealId}`, { data: [{ Stage: "Negotiation/Review" }] }),
        ]),
    "",
  ];

  function step(text: string): string {
    return style("cyan", `# ${text}`);
  }
}

function curlTrusting(caFile: string | null): string {
  return caFile === null ? "curl -s" : `curl -s --cacert ${shellWord(caFile)}`;
}

function apiCall(curl: string, url: string, body: unknown): string {
  const headers = `-H "Authorization: Zoho-oauthtoken $TOKEN" -H 'Content-Type: application/json'`;
  return `${curl} ${shellWord(url)} ${headers} -d ${shellWord(JSON.stringify(body))}`;
}

function signInLines({ baseUrl, caFile, signIn }: Welcome, style: Terminal["style"]): readonly string[] {
  if (signIn === null) return [];
  const { client, email, password } = signIn;
  const query = new URLSearchParams({
    client_id: client.clientId,
    redirect_uri: client.redirectUri ?? "",
    scope: client.scopes.join(","),
    response_type: "code",
    access_type: "offline",
    state: "demo",
  });
  const curl = curlTrusting(caFile);
  return [
    style("cyan", `# A user's consent, in a browser; sign in as ${email} with the password ${password}:`),
    `${baseUrl}/oauth/v2/auth?${query.toString()}`,
    "",
    style("cyan", "# The receiver is then asked with a code, good for three minutes; tokens for it:"),
    `${curl} ${shellWord(`${baseUrl}/oauth/v2/token`)} -d grant_type=authorization_code -d ${shellWord(`client_id=${client.clientId}`)} ` +
      `-d ${shellWord(`client_secret=${client.clientSecret}`)} -d "code=$CODE"`,
    "",
  ];
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
