/**
 * The CRM API as a client of an org uses it. Its access token comes from the admin API and is asked for anew when it has ended, which in
 * `dev` may be whenever the clock is moved.
 */
import { Complaint } from "../complaint.ts";
import type { ExitCode } from "../command.ts";
import { exitCodes } from "../command.ts";
import { plainText } from "../print/plain-text.ts";
import type { AdminClient } from "./admin-client.ts";
import type { Incoming, JsonObject } from "./exchange.ts";
import { exchange } from "./exchange.ts";
import { objectAt, objectsAt, textAt } from "./json-values.ts";

export type CrmUser = {
  /** null: the server's choice. */
  readonly org: string | null;
  readonly email: string | null;
};

export type CrmRequest = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind the version, with its query. */
  readonly path: string;
  readonly body?: JsonObject;
};

export type CrmClient = {
  /** Whatever it answers, refusals too. */
  send(request: CrmRequest): Promise<Incoming>;
};

const version = "v8";
const waitMs = 30_000;

export async function crmClient(admin: AdminClient, { org, email }: CrmUser): Promise<CrmClient> {
  let token = await newToken();

  async function newToken(): Promise<string> {
    const body = { ...(org === null ? {} : { org }), ...(email === null ? {} : { user_email: email }) };
    const accessToken = textAt(await admin.post("/api/v1/tokens", { body }), "access_token");
    if (accessToken !== null) return accessToken;
    throw new Complaint(exitCodes.serverFault, `the server at ${admin.url} answered without an access token`);
  }

  async function attempt({ method, path, body }: CrmRequest): Promise<Incoming> {
    const authorization = `Zoho-oauthtoken ${token}`;
    return exchange({ origin: admin.url, method, path: `/crm/${version}${path}`, authorization, body: body ?? null, waitMs });
  }

  return {
    async send(request) {
      const answered = await attempt(request);
      if (answered.status !== 401) return answered;
      token = await newToken();
      return attempt(request);
    },
  };
}

/** The items of an answer, such as its `data`; a refusal is a complaint that says what is wrong with which field. */
export function itemsOf({ status, body }: Incoming, key: string): readonly JsonObject[] {
  const items = objectsAt(body, key);
  const refused = items.find((item) => textAt(item, "status") === "error") ?? (textAt(body, "status") === "error" ? body : null);
  if (refused !== null) throw new Complaint(exitCodeOf(status, refused), refusalText(refused));
  if (status >= 200 && status < 300) return items;
  throw new Complaint(exitCodes.serverFault, `the server answered ${String(status)}`);
}

/** `INVALID_DATA: invalid data (Amount, expects double)`. */
function refusalText(refused: JsonObject): string {
  const details = objectAt(refused, "details");
  const field = textAt(details, "api_name") ?? textAt(details, "param_name") ?? textAt(details, "json_path");
  const expected = textAt(details, "expected_data_type");
  const where = [field, expected === null ? null : `expects ${expected}`].filter((part) => part !== null).join(", ");
  const said = `${textAt(refused, "code") ?? "refused"}: ${textAt(refused, "message") ?? ""}`;
  return plainText(`the server refused it: ${said}${where === "" ? "" : ` (${where})`}`);
}

function exitCodeOf(status: number, refused: JsonObject): ExitCode {
  if (status >= 500) return exitCodes.serverFault;
  if (status === 401 || status === 403) return exitCodes.refused;
  const code = textAt(refused, "code");
  const isUnknown = code === "INVALID_MODULE" || (code === "INVALID_DATA" && /\bid given\b/.test(textAt(refused, "message") ?? ""));
  return status === 404 || isUnknown ? exitCodes.notFound : exitCodes.wrongOptions;
}
