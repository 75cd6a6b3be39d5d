/** What `watchpost dev` says to a newcomer: the connection, and commands to paste that show the main job. */
import type { Id } from "../core/ids.ts";
import type { SeedClient } from "../core/seed.ts";
import type { Terminal } from "./terminal.ts";

export type Welcome = {
  readonly baseUrl: string;
  readonly adminToken: string;
  /** null: the seed has none. */
  readonly client: SeedClient | null;
  /** A Deal that is there; null: none. */
  readonly dealId: Id | null;
};

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
  ];
  const rows = facts.flatMap(([name, value]) => (value === null ? [] : [`  ${style("dim", name.padEnd(16))}${value}`]));
  return ["", style("bold", "Watchpost is ready."), "", ...rows, "", ...tryLines(welcome, style), style("dim", "Ctrl-C stops the server.")];
}

function tryLines({ baseUrl, client, dealId }: Welcome, style: Terminal["style"]): readonly string[] {
  if (client === null || client.refreshToken === null) return [];
  return [
    step("A receiver, in a terminal of its own:"),
    `node -e 'require("http").createServer((q,s)=>{q.pipe(process.stdout);s.end()}).listen(${String(receiverPort)},"127.0.0.1")'`,
    "",
    step("An access token:"),
    `TOKEN=$(curl -s ${shellWord(`${baseUrl}/oauth/v2/token`)} -d grant_type=refresh_token -d ${shellWord(`client_id=${client.clientId}`)} ` +
      `-d ${shellWord(`client_secret=${client.clientSecret}`)} -d ${shellWord(`refresh_token=${client.refreshToken}`)} ` +
      `| sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    "",
    step("Subscribe to Deals:"),
    curl("POST", `${baseUrl}/crm/v6/actions/watch`, {
      watch: [{ channel_id: "1000000068001", events: ["Deals.all"], notify_url: `http://127.0.0.1:${String(receiverPort)}/callback` }],
    }),
    "",
    ...(dealId === null
      ? [
          step("Make a Deal, and the receiver hears of it:"),
          curl("POST", `${baseUrl}/crm/v6/Deals`, { data: [{ Deal_Name: "First deal", Stage: "Qualification" }] }),
        ]
      : [
          step("Edit a Deal, and the receiver hears of it:"),
          curl("PUT", `${baseUrl}/crm/v6/Deals/${dealId}`, { data: [{ Stage: "Negotiation/Review" }] }),
        ]),
    "",
  ];

  function step(text: string): string {
    return style("cyan", `# ${text}`);
  }
}

function curl(method: string, url: string, body: unknown): string {
  const address = method === "POST" ? shellWord(url) : `-X ${method} ${shellWord(url)}`;
  return `curl -s ${address} -H "Authorization: Zoho-oauthtoken $TOKEN" -H 'Content-Type: application/json' -d ${shellWord(JSON.stringify(body))}`;
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
