/**
 * A data folder with a row of every kind, made by a real server under traffic and left as a SIGKILL leaves it: channels in all states, deliveries
 * in all states, claims whose POSTs are under way, waiting lines, retries, a replay that has begun, deleted records, custom metadata.
 */
import assert from "node:assert/strict";
import { type Answer, type Client, send, signIn } from "./client.ts";
import { at, listAt, textAt } from "./json.ts";
import { TemporaryFolder, WatchpostProcess } from "./process.ts";
import { Receiver } from "./receiver.ts";
import { credentialsOf, orgFile } from "./seeds.ts";

export const adminTokenOfStore = "admin-of-the-full-store";

export const seedOfStore = {
  orgs: [
    orgFile("acme", "554023000", {
      users: [{ email: "owner@acme.example", first_name: "Ada", last_name: "Owner", password: "a long password" }],
      modules: [{ api_name: "Inspections", fields: [{ api_name: "Score", data_type: "integer", length: 9 }] }],
      records: { Accounts: [{ Account_Name: "Initech" }], Inspections: [{ Name: "First", Score: 7 }] },
    }),
    orgFile("umbrella", "554024000"),
  ],
};

export type FillOrder = {
  readonly dataFolder: string;
  /** The program's entry; absent: that of this checkout. */
  readonly entry?: string;
  /** Records that are made besides, in bulk. */
  readonly moreRecords?: number;
};

/** Gives the ids of the deliveries, as receivers see them, whose POSTs were under way at the kill. */
export async function fillStore({ dataFolder, entry, moreRecords = 0 }: FillOrder): Promise<readonly string[]> {
  using folder = new TemporaryFolder();
  const seed = folder.file("seed.json", seedOfStore);
  const receivers = [await Receiver.start(), await Receiver.start(), await Receiver.start(), await Receiver.start()] as const;
  const words = ["serve", "--data", dataFolder, "--seed", seed, "--port", "0", "--json", "--allow-target", "127.0.0.0/8"];
  const server = new WatchpostProcess(words, {
    environment: { WATCHPOST_ADMIN_TOKEN: adminTokenOfStore },
    ...(entry === undefined ? {} : { entry }),
  });
  try {
    const baseUrl = textAt(JSON.parse(await server.firstLine()), "base_url");
    const traffic = await Traffic.start(baseUrl, receivers);
    await traffic.describe();
    await traffic.watchAndWrite();
    await traffic.writeMany(moreRecords);
    await traffic.operate();
    const underWay = await traffic.leaveUnderWay();
    await server.kill();
    return underWay;
  } finally {
    await server.kill();
    for (const receiver of receivers) await receiver.down();
  }
}

type Receivers = readonly [good: Receiver, failing: Receiver, gone: Receiver, held: Receiver];

class Traffic {
  readonly #baseUrl: string;
  readonly #acme: Client;
  readonly #umbrella: Client;
  readonly #receivers: Receivers;

  private constructor(parts: { baseUrl: string; acme: Client; umbrella: Client; receivers: Receivers }) {
    this.#baseUrl = parts.baseUrl;
    this.#acme = parts.acme;
    this.#umbrella = parts.umbrella;
    this.#receivers = parts.receivers;
  }

  static async start(baseUrl: string, receivers: Receivers): Promise<Traffic> {
    const [acme, umbrella] = [await signIn(baseUrl, credentialsOf("acme")), await signIn(baseUrl, credentialsOf("umbrella"))];
    receivers[1].answerWith({ status: 500, body: "no\0pe", headers: { "x-why": "down for a while" } });
    receivers[2].answerWith({ status: 410 });
    return new Traffic({ baseUrl, acme, umbrella, receivers });
  }

  /** Users, metadata, and what versions from the second on have: where an org is told of its channels, a client, a console session. */
  async describe(): Promise<void> {
    const user = { last_name: "Second", email: "second@acme.example", role: "1", profile: "1" };
    await this.#acme.request("POST", "/users", { users: [user] });
    const field = { field_label: "Rank", data_type: "integer", length: 9 };
    await this.#acme.request("POST", "/settings/fields?module=Leads", { fields: [field] });
    await this.#admin("POST", "/orgs/554024000/lifecycle", { url: this.#receivers[0].url("/lifecycle") });
    await this.#admin("POST", "/clients", {
      org: "554023000",
      name: "Another",
      scope: "ZohoCRM.modules.ALL",
      user_email: "owner@acme.example",
    });
    const headers = { authorization: `Bearer ${adminTokenOfStore}` };
    await send(this.#baseUrl, { method: "POST", path: "/console/session", headers, body: { token: adminTokenOfStore } });
  }

  async watchAndWrite(): Promise<void> {
    const [good, failing, gone] = this.#receivers;
    const [acme, umbrella] = [this.#acme, this.#umbrella];
    const values = { return_affected_field_values: true };
    await acme.subscribe({ channel_id: "1", events: ["Leads.all", "Deals.all"], notify_url: good.url(), token: "hush", ...values });
    await acme.subscribe({ channel_id: "2", events: ["Leads.edit"], notify_url: failing.url("/failing?key=hush"), ...values });
    await umbrella.subscribe({ channel_id: "1", events: ["Leads.all"], notify_url: gone.url() });
    await umbrella.subscribe({ channel_id: "2", events: ["Contacts.create"], notify_url: good.url(), ...soonOver() });
    await umbrella.subscribe({ channel_id: "3", events: ["Contacts.create"], notify_url: good.url() });
    await umbrella.request("DELETE", "/actions/watch?channel_ids=3");
    const [lead, other] = [
      await acme.insert("Leads", { Last_Name: "Grüße, 世界" }),
      await acme.insert("Leads", { Last_Name: "a\0b\u{1F600}" }),
    ];
    await umbrella.insert("Leads", { Last_Name: "Gone" });
    const campaign = await acme.insert("Campaigns", { Campaign_Name: "Spring" });
    await acme.request("PUT", `/Leads/${lead}/Campaigns/${campaign}`, { data: [{ Member_Status: "Active" }] });
    // The first goes and fails; the others wait behind it.
    for (const name of ["1", "2", "3"]) await acme.update("Leads", lead, { Last_Name: name });
    await acme.remove("Leads", other);
    await acme.insert("Deals", { Deal_Name: "Big", Stage: "Qualification", Closing_Date: "2027-01-01" });
    await until(() => failing.received.length > 0 && gone.received.length > 0 && good.received.length >= 5);
  }

  async writeMany(count: number): Promise<void> {
    const bulk = 100;
    for (let made = 0; made < count; made += bulk) {
      const data = Array.from({ length: Math.min(bulk, count - made) }, (_, index) => ({ Last_Name: `Bulk ${String(made + index)}` }));
      assert.equal((await this.#umbrella.request("POST", "/Leads", { data })).status, 201);
    }
  }

  /** Acts of operators. */
  async operate(): Promise<void> {
    const [, failing] = this.#receivers;
    await this.#acme.subscribe({ channel_id: "3", events: ["Leads.edit"], notify_url: failing.url("/paused") });
    await this.#acme.subscribe({ channel_id: "4", events: ["Contacts.all"], notify_url: failing.url("/skipped") });
    const lead = await this.#acme.insert("Leads", { Last_Name: "Paused" });
    await this.#acme.update("Leads", lead, { Last_Name: "Paused twice" });
    await this.#acme.insert("Contacts", { Last_Name: "Skipped" });
    await until(() => ["/paused", "/skipped"].every((target) => failing.received.some((callback) => callback.target.startsWith(target))));
    const [good, paused] = [await this.#keyOf("1"), await this.#keyOf("3")];
    await this.#admin("POST", `/channels/${paused}/pause`);
    await this.#admin("POST", `/channels/${good}/secret`);
    await this.#admin("POST", `/channels/${good}/rotate`, { overlap: "7d" });
    const [skipped] = await this.#deliveries("channel_id=4");
    if (skipped !== undefined) await this.#admin("POST", `/deliveries/${String(at(skipped, "id"))}/skip`);
    await this.#admin("POST", "/replays", { what: "deliveries", org: "554023000", status: "delivered", rate_per_second: 1 });
    await until(async () => (await this.#deliveries("status=dead")).length > 0);
    await until(async () => this.#isEndTold());
  }

  /** Whether the end of the channel that was soon over has been told; versions before the second tell of none. */
  async #isEndTold(): Promise<boolean> {
    const { status, body } = await this.#admin("GET", "/lifecycle-events");
    if (status === 404) return true;
    return listAt(body, "events").some((event) => textAt(event, "event") === "channel.expired");
  }

  /** The key of a channel of the first org. */
  async #keyOf(channelId: string): Promise<string> {
    const rows = listAt((await this.#admin("GET", "/channels")).body, "channels");
    const row = rows.find((each) => textAt(each, "org") === "554023000" && textAt(each, "channel_id") === channelId);
    return String(Reflect.get(Object(row), "key"));
  }

  async #deliveries(filter: string): Promise<readonly unknown[]> {
    return listAt((await this.#admin("GET", `/deliveries?${filter}`)).body, "deliveries");
  }

  /** Writes what its receiver does not answer any more; gives the webhook ids. */
  async leaveUnderWay(): Promise<readonly string[]> {
    const [, , , held] = this.#receivers;
    await this.#acme.subscribe({ channel_id: "5", events: ["Leads.create"], notify_url: held.url("/held") });
    held.hold();
    for (const name of ["Held 1", "Held 2"]) await this.#acme.insert("Leads", { Last_Name: name });
    await until(() => held.received.length === 2);
    return held.received.map(({ headers }) => String(headers["webhook-id"]));
  }

  #admin(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { Authorization: `Bearer ${adminTokenOfStore}` };
    return send(this.#baseUrl, { method, path: `/api/v1${path}`, headers, body });
  }
}

/** The end of a channel that is over before the traffic is. */
function soonOver(): Readonly<Record<string, string>> {
  return { channel_expiry: new Date(Date.now() + 1_500).toISOString().replace(/\.\d+Z$/, "+00:00") };
}

const watchdogMs = 20_000;

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + watchdogMs;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, "what the traffic waits for did not come");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
