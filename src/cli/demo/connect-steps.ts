/** The first half of the demo: a server, a receiver, and what a client does until its channel stands. */
import path from "node:path";
import { sampleClient } from "../../config/sample-org.ts";
import type { Child } from "./child.ts";
import { startChild } from "./child.ts";
import type { Exchange, Request } from "./exchange.ts";
import { at, exchange, expect, expectStatus, listAt, textAt } from "./exchange.ts";
import type { Step } from "./narrator.ts";
import { channelId, notifyQuery, watchBody } from "./watch-body.ts";
import type { WatchIds } from "./watch-body.ts";

export type ServerProcess = { readonly child: Child; readonly baseUrl: string; readonly adminToken: string };
export type ReceiverProcess = { readonly child: Child; readonly port: number };
/** Sends a request under the access token, or under the admin token. */
export type Api = (request: Request) => Promise<Exchange>;
export type Deal = { readonly id: string; readonly name: string };

const startMs = 20_000;
const cliFolder = path.resolve(import.meta.dirname, "..");

/** Whoever starts a child hands it over at once, to be stopped whatever happens. */
export type Keep = (child: Child) => void;
type Surroundings = { readonly environment: Readonly<Record<string, string>>; readonly keep: Keep };

export function startServerStep({ environment, keep, dataFolder }: Surroundings & { readonly dataFolder: string }): Step<ServerProcess> {
  return {
    name: "start_server",
    title: "Start watchpost dev on a free port, with a new data folder",
    act: async () => {
      const args = ["dev", "--json", "--port", "0", "--data", dataFolder];
      const child = startChild({ name: "watchpost dev", script: path.join(cliFolder, "main.js"), args, environment });
      keep(child);
      const line = await child.nextLine(startMs).catch((error: unknown) => {
        // Expected: it could not start, and says why on stderr.
        throw new Error(child.complaints().trim() || "watchpost dev said nothing", { cause: error });
      });
      expect(at(line, "ready") === true, "the ready line");
      const baseUrl = textAt(line, "base_url");
      const parts = [{ kind: "fact", text: `ready on ${baseUrl}` }] as const;
      return { value: { child, baseUrl, adminToken: textAt(line, "admin_token") }, parts, facts: { base_url: baseUrl } };
    },
  };
}

export function startReceiverStep(surroundings: Surroundings): Step<ReceiverProcess> {
  return {
    name: "start_receiver",
    title: "Start a receiver, as a process of its own",
    act: async () => {
      const receiver = await startReceiver(surroundings, 0);
      const url = `http://127.0.0.1:${String(receiver.port)}`;
      return { value: receiver, parts: [{ kind: "fact", text: `listening on ${url}` }], facts: { url } };
    },
  };
}

/** A receiver on this port, 0 for a free one. */
export async function startReceiver({ environment, keep }: Surroundings, port: number): Promise<ReceiverProcess> {
  const script = path.join(cliFolder, "demo-receiver.ts");
  const child = startChild({ name: "the receiver", script, args: [String(port)], environment });
  keep(child);
  const listening = await child.nextLine(startMs);
  return { child, port: Number(at(listening, "port")) };
}

export function getTokenStep(baseUrl: string): Step<Api> {
  return {
    name: "get_token",
    title: "Get an access token by the refresh grant",
    act: async () => {
      const form = {
        grant_type: "refresh_token",
        client_id: sampleClient.clientId,
        client_secret: sampleClient.clientSecret,
        refresh_token: sampleClient.refreshToken ?? "",
      };
      const answered = await exchange(baseUrl, null, { method: "POST", path: "/oauth/v2/token", form });
      expectStatus(answered, 200);
      const token = textAt(answered.responseBody, "access_token");
      const crm: Api = async (request) => exchange(baseUrl, `Zoho-oauthtoken ${token}`, request);
      return {
        value: crm,
        parts: [{ kind: "exchange", exchange: answered }],
        facts: { expires_in: at(answered.responseBody, "expires_in") },
      };
    },
  };
}

export function readMetadataStep(crm: Api): Step<WatchIds> {
  return {
    name: "read_metadata",
    title: "Look up the ids of Deals, Stage, Account_Name and Lead_Source in the metadata API",
    act: async () => {
      const modules = await crm({ method: "GET", path: "/crm/v6/settings/modules" });
      expectStatus(modules, 200);
      const fields = await crm({ method: "GET", path: "/crm/v6/settings/fields?module=Deals" });
      expectStatus(fields, 200);
      const fieldRows = listAt(fields.responseBody, "fields");
      const ids = {
        module: idNamed(listAt(modules.responseBody, "modules"), "Deals"),
        stage: idNamed(fieldRows, "Stage"),
        accountName: idNamed(fieldRows, "Account_Name"),
        leadSource: idNamed(fieldRows, "Lead_Source"),
      };
      const text = `Deals ${ids.module} · Stage ${ids.stage} · Account_Name ${ids.accountName} · Lead_Source ${ids.leadSource}`;
      return { value: ids, parts: [{ kind: "fact", text }], facts: { ids } };
    },
  };
}

function idNamed(rows: readonly unknown[], apiName: string): string {
  return textAt(
    rows.find((row) => at(row, "api_name") === apiName),
    "id",
  );
}

export function pickDealStep(crm: Api): Step<Deal> {
  return {
    name: "pick_deal",
    title: "Pick a Deal of the sample org",
    act: async () => {
      const answered = await crm({
        method: "GET",
        path: "/crm/v6/Deals?fields=Deal_Name,Stage,Probability&sort_by=id&sort_order=asc&per_page=1",
      });
      expectStatus(answered, 200);
      const deal = { id: textAt(answered.responseBody, "data", 0, "id"), name: textAt(answered.responseBody, "data", 0, "Deal_Name") };
      const stage = textAt(answered.responseBody, "data", 0, "Stage");
      return { value: deal, parts: [{ kind: "fact", text: `${deal.name} (${deal.id}), Stage ${stage}` }], facts: { deal } };
    },
  };
}

export function subscribeStep(crm: Api, { ids, port }: { readonly ids: WatchIds; readonly port: number }): Step<null> {
  return {
    name: "subscribe",
    title: "Subscribe to Deals.edit, when Stage, or Account_Name and Lead_Source, changes",
    act: async () => {
      const body = watchBody(ids, `http://127.0.0.1:${String(port)}/callback${notifyQuery}`);
      const answered = await crm({ method: "POST", path: "/crm/v6/actions/watch", body });
      expectStatus(answered, 201);
      expect(at(answered.responseBody, "watch", 0, "code") === "SUCCESS", "the channel to be subscribed");
      const { status, responseBody } = answered;
      return { value: null, parts: [{ kind: "exchange", exchange: answered }], facts: { request: body, status, response: responseBody } };
    },
  };
}

export function revealSecretStep(admin: Api): Step<string> {
  return {
    name: "reveal_secret",
    title: "Ask the admin API for the channel's signing secret, which it shows once",
    act: async () => {
      const channels = await admin({ method: "GET", path: "/api/v1/channels" });
      expectStatus(channels, 200);
      const channel = listAt(channels.responseBody, "channels").find((row) => at(row, "channel_id") === channelId);
      const revealed = await admin({ method: "POST", path: `/api/v1/channels/${String(at(channel, "key"))}/secret` });
      expectStatus(revealed, 200);
      const again = await admin({ method: "POST", path: revealed.path });
      expectStatus(again, 409);
      const secret = textAt(revealed.responseBody, "secret");
      return { value: secret, parts: [{ kind: "fact", text: `${secret.slice(0, 12)}… and a second request is refused` }], facts: {} };
    },
  };
}
