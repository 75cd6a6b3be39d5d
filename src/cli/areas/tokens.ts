/** `watchpost tokens …` and `watchpost clients …`: who may use the CRM API. */
import { exitCodes } from "../command.ts";
import { answer, answerOne } from "../print/output.ts";
import type { Column } from "../print/table.ts";
import { pairLines } from "../print/table.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, instantAt, objectAt, textAt } from "../remote/json-values.ts";
import type { Call, CommandSpec, GroupSpec, OptionSpec } from "../tree/command-spec.ts";
import { argumentAt, flagText, pathPart } from "../tree/read-values.ts";
import { listPage } from "./list-page.ts";
import { limitOption, orgOption } from "./options.ts";
import { usageFault } from "../complaint.ts";

export const userOption: OptionSpec = {
  flag: "--user",
  placeholder: "<email>",
  help: "The user whom it stands for; the first of the org unless said.",
};
export const ofOrgOption: OptionSpec = {
  flag: "--org",
  placeholder: "<zgid>",
  help: "The org; it may be left out where the server has only one.",
};
const scopeOption: OptionSpec = {
  flag: "--scope",
  placeholder: "<scopes>",
  help: "What it may do, separated by commas; everything unless said.",
};

const tokenColumns: readonly Column<JsonObject>[] = [
  { title: "ID", of: (row) => cellAt(row, "id") },
  { title: "ORG", of: (row) => cellAt(row, "org"), mayBeLeftOut: true },
  { title: "CLIENT", of: (row) => cellAt(row, "client_id") },
  { title: "USER", of: (row) => cellAt(row, "user_id"), mayBeLeftOut: true },
  { title: "EXPIRES", of: (row) => instantAt(row, "expires_at") },
  { title: "SCOPES", of: (row) => cellAt(row, "scopes"), mayBeCut: true, mayBeLeftOut: true },
];

const createToken: CommandSpec = {
  name: "create",
  summary: "Make an access token for the CRM API, good for an hour. It is shown here and never again.",
  details: [],
  arguments: [],
  options: [ofOrgOption, userOption, scopeOption],
  connects: true,
  examples: [
    { line: "watchpost tokens create", says: "One that may do everything." },
    { line: "watchpost tokens create --scope ZohoCRM.modules.READ --json", says: "One that may read records, as JSON." },
  ],
  async run(call) {
    const body = withoutNulls({ org: flagText(call, "--org"), user_email: flagText(call, "--user"), scope: flagText(call, "--scope") });
    const answered = await adminClient(call.connection).post("/api/v1/tokens", { body });
    answerOne(call, answered, [
      ["access token", textAt(answered, "access_token")],
      ["id", textAt(answered, "token", "id")],
      ["org", textAt(answered, "token", "org")],
      ["user", textAt(answered, "token", "user_id")],
      ["scopes", cellAt(answered, "token", "scopes")],
      ["expires", instantAt(answered, "token", "expires_at")],
    ]);
    return exitCodes.good;
  },
};

const listTokens: CommandSpec = {
  name: "list",
  summary: "Access tokens that are good now, by the start of their digest; the tokens themselves are not kept.",
  details: [],
  arguments: [],
  options: [orgOption, limitOption],
  connects: true,
  examples: [{ line: "watchpost tokens list", says: "Who has one." }],
  async run(call) {
    const query = { org: flagText(call, "--org") };
    return listPage(call, adminClient(call.connection), {
      key: "tokens",
      query,
      columns: tokenColumns,
      nothing: "There are no access tokens.",
    });
  },
};

const revokeToken: CommandSpec = {
  name: "revoke",
  summary: "End an access token at once.",
  details: [],
  arguments: [{ name: "id", help: "The token's id, as `tokens list` shows it." }],
  options: [],
  connects: true,
  examples: [{ line: "watchpost tokens revoke 0123456789abcdef || test $? = 5", says: "End the token with this id, if there is one." }],
  async run(call) {
    const id = argumentAt(call, 0);
    const answered = await adminClient(call.connection).post(`/api/v1/tokens/${pathPart(id)}/revoke`, { what: `token ${id}` });
    answer(call, answered, () => [`The token ${id} is good no more.`]);
    return exitCodes.good;
  },
};

export const tokens: GroupSpec = {
  name: "tokens",
  aliases: [],
  summary: "Access tokens of the CRM API: make, list, end.",
  commands: [createToken, listTokens, revokeToken],
};

const clientColumns: readonly Column<JsonObject>[] = [
  { title: "CLIENT", of: (row) => cellAt(row, "client_id") },
  { title: "ORG", of: (row) => cellAt(row, "org") },
  { title: "NAME", of: (row) => cellAt(row, "name"), mayBeCut: true },
  { title: "REVOKED", of: (row) => instantAt(row, "revoked_at"), mayBeLeftOut: true },
  { title: "SCOPES", of: (row) => cellAt(row, "scopes"), mayBeCut: true, mayBeLeftOut: true },
];

const listClients: CommandSpec = {
  name: "list",
  summary: "The OAuth clients, those that were revoked too.",
  details: [],
  arguments: [],
  options: [orgOption, limitOption],
  connects: true,
  examples: [{ line: "watchpost clients list", says: "Which programs may ask for tokens." }],
  async run(call) {
    const query = { org: flagText(call, "--org") };
    return listPage(call, adminClient(call.connection), {
      key: "clients",
      query,
      columns: clientColumns,
      nothing: "There are no clients.",
    });
  },
};

const createClient: CommandSpec = {
  name: "create",
  summary: "Make an OAuth client. Its secret and its refresh token are shown here and never again.",
  details: [
    "With --user it has a refresh token of that user. Without, its users sign in on the sign-in page, which leads back to --redirect-uri. One of the two must be given.",
  ],
  arguments: [],
  options: [
    { ...ofOrgOption, help: "The org. It must be given." },
    { flag: "--name", placeholder: "<name>", help: "What the sign-in page calls it. It must be given." },
    { ...scopeOption, help: "The most that its tokens may do, separated by commas. It must be given." },
    { ...userOption, help: "The user whose refresh token it gets. It must be given unless --redirect-uri is." },
    { flag: "--redirect-uri", placeholder: "<url>", help: "Where the sign-in page leads back to." },
  ],
  connects: true,
  examples: [
    {
      line: "watchpost clients create --org 554023000 --name Billing --scope ZohoCRM.modules.ALL --user owner@acme.example",
      says: "A client with a refresh token.",
    },
  ],
  async run(call) {
    const [org, name, scope] = [flagText(call, "--org"), flagText(call, "--name"), flagText(call, "--scope")];
    if (org === null || name === null || scope === null) throw usageFault("--org, --name and --scope must be given");
    const [email, redirectUri] = [flagText(call, "--user"), flagText(call, "--redirect-uri")];
    if (email === null && redirectUri === null) throw usageFault("--user or --redirect-uri must be given");
    const body = withoutNulls({
      org,
      name,
      scope,
      user_email: email,
      redirect_uri: redirectUri,
    });
    const answered = await adminClient(call.connection).post("/api/v1/clients", { body });
    answer(call, answered, (frame) => [
      ...pairLines(
        [
          ["client id", textAt(answered, "client", "client_id")],
          ["client secret", textAt(answered, "client_secret")],
          ["refresh token", textAt(answered, "refresh_token")],
          ...clientPairs(objectAt(answered, "client")),
        ],
        frame,
      ),
      "Secret and token are shown this once. Keep them where the client reads them.",
    ]);
    return exitCodes.good;
  },
};

const revokeClient: CommandSpec = {
  name: "revoke",
  summary: "End a client and every token of it.",
  details: [],
  arguments: [{ name: "client-id", help: "The client's id, as `clients list` shows it." }],
  options: [],
  connects: true,
  examples: [{ line: "watchpost clients revoke 1000.UNKNOWN || test $? = 5", says: "End the client with this id, if there is one." }],
  run: revokeClientOf,
};

export const clients: GroupSpec = {
  name: "clients",
  aliases: [],
  summary: "OAuth clients: list, make, end.",
  commands: [listClients, createClient, revokeClient],
};

async function revokeClientOf(call: Call): Promise<number> {
  const id = argumentAt(call, 0);
  const answered = await adminClient(call.connection).post(`/api/v1/clients/${pathPart(id)}/revoke`, { what: `client ${id}` });
  answer(call, answered, () => [`The client ${id} and its tokens are good no more.`]);
  return exitCodes.good;
}

function clientPairs(client: JsonObject): readonly (readonly [string, string | null])[] {
  return [
    ["org", textAt(client, "org")],
    ["name", textAt(client, "name")],
    ["scopes", cellAt(client, "scopes")],
    ["redirect URI", textAt(client, "redirect_uri")],
  ];
}

function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
