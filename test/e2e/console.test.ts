/** The console in a real browser, on the real server: what a newcomer and an operator do with it, and what must not be possible. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { noBrowser, openBrowser, openPage, overflowOf, seriousFindings } from "../console/browser.ts";
import { type Answer, send } from "../support/client.ts";
import { at, listAt, numberAt, textAt } from "../support/json.ts";
import { type ReadyLine, TemporaryFolder, startProcess } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";

const limit = { timeout: 150_000 };
const deal = "554023000100000005";
const attack = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;

type World = {
  readonly page: Page;
  readonly ready: ReadyLine;
  readonly console: string;
  /** A request to the admin API, with its token; `path` is behind `/api/v1`. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** Edits a deal through the CRM API, as a client would. */
  readonly editDeal: (values: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Subscribes the channel through the CRM API. */
  readonly watch: (row: Readonly<Record<string, unknown>>) => Promise<void>;
};

describe("the console on the real server", { skip: noBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  async function withServer(act: (world: World) => Promise<void>, look?: Parameters<typeof openPage>[2]): Promise<void> {
    using folder = new TemporaryFolder();
    const { server, ready } = await startProcess(["dev", "--data", folder.path]);
    await using _ = server;
    const { page, faults } = await openPage(browser, new URL(ready.baseUrl).origin, look);
    const console = `${ready.baseUrl}/console/`;
    const admin: World["admin"] = (method, path, body) =>
      send(ready.baseUrl, { method, path: `/api/v1${path}`, headers: { Authorization: `Bearer ${ready.adminToken}` }, body });
    const crm = async (method: string, path: string, body: unknown): Promise<void> => {
      const token = textAt((await admin("POST", "/tokens", {})).body, "access_token");
      const answer = await send(ready.baseUrl, {
        method,
        path: `/crm/v8${path}`,
        headers: { Authorization: `Zoho-oauthtoken ${token}` },
        body,
      });
      assert.ok(answer.status < 300, answer.text);
    };
    await page.goto(`${console}#token=${ready.adminToken}`);
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    await act({
      page,
      ready,
      console,
      admin,
      editDeal: (values) => crm("PUT", `/Deals/${deal}`, { data: [values] }),
      watch: (row) => crm("POST", "/actions/watch", { watch: [row] }),
    });
    assert.deepEqual(faults, []);
    await page.context().close();
  }

  test("a record that is edited leads to the first notification in the inbox, its signature and its token checked", limit, () =>
    withServer(async ({ page }) => {
      await page.getByRole("link", { name: "Records", exact: true }).click();
      await page.getByRole("combobox", { name: /Module/ }).selectOption("Deals");
      await page.locator("main a[href*='records/Deals/']").first().click();
      await page.getByRole("combobox", { name: /Stage/ }).selectOption("Closed Lost");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/^Saved\./).waitFor();
      await page.getByRole("link", { name: "Inbox", exact: true }).click();
      await page.getByRole("heading", { level: 2, name: "Deals update" }).waitFor();
      await page.getByText("The signature is right").waitFor();
    }),
  );

  test("a delivery that failed is found by its status and sent again", limit, () =>
    withServer(async ({ page, console, admin, editDeal, watch }) => {
      await using receiver = await Receiver.start();
      receiver.answerWith({ status: 400, body: attack });
      await watch({ channel_id: "77", events: ["Deals.edit"], notify_url: receiver.url() });
      await editDeal({ Stage: "Closed Lost" });
      assert.equal((await admin("POST", "/clock", { advance: "5d" })).status, 200);
      receiver.answerWith({ status: 200 });
      const { body } = await admin("GET", "/channels?channel=77");
      const key = numberAt(body, "channels", 0, "key");
      await admin("POST", `/channels/${key}/resume`);
      const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
      assert.equal((await admin("POST", `/channels/${key}/renew`, { until })).status, 200);
      await page.goto(`${console}deliveries?status=dead`);
      await page
        .getByRole("link", { name: /^#\d+$/ })
        .first()
        .click();
      await page.getByRole("listitem").filter({ hasText: "Attempt 10" }).waitFor();
      assert.equal(await page.evaluate("window.hacked"), undefined, "what a receiver answers stays text");
      await page.getByRole("button", { name: "Replay" }).click();
      await page.getByRole("button", { name: "Send it again" }).click();
      await page.getByText("Replay of").waitFor();
      await page.getByRole("heading", { level: 1 }).getByText("delivered").waitFor();
      assert.equal(receiver.received.at(-1)?.headers["webhook-replay"], "true");
    }),
  );

  test("why a change led to no notification is told, channel by channel", limit, () =>
    withServer(async ({ page, console, admin, editDeal, watch }) => {
      const condition = { type: "field_selection", module: { api_name: "Deals" }, field_selection: { field: { api_name: "Stage" } } };
      const row = { channel_id: "78", events: ["Deals.edit"], notify_url: "http://127.0.0.1:9/", notification_condition: [condition] };
      await watch(row);
      await editDeal({ Amount: 777 });
      const changes = await admin("GET", "/changes?module=Deals&operation=update&limit=1");
      await page.goto(`${console}why-not/${numberAt(changes.body, "changes", 0, "id")}`);
      const verdict = page.getByRole("region", { name: "Channel 78" });
      await verdict.getByText("condition not met", { exact: true }).waitFor();
    }),
  );

  test("a channel is paused and resumed, and what it missed is counted and offered", limit, () =>
    withServer(async ({ page, console, admin, editDeal }) => {
      const key = numberAt((await admin("GET", "/channels")).body, "channels", 0, "key");
      await page.goto(`${console}channels/${key}`);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Pause it" }).click();
      await page.getByRole("heading", { level: 1 }).getByText("paused").waitFor();
      await editDeal({ Stage: "Closed Won" });
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("dialog", { name: "Replay what the channel missed" }).getByText("1 delivery would be sent.").waitFor();
    }),
  );

  test("a wrong token lets nobody in, signing out ends the session, and another site's page cannot use it", limit, () =>
    withServer(async ({ page, ready, console, admin }) => {
      const [cookie] = await page.context().cookies();
      assert.ok(cookie !== undefined && cookie.httpOnly && cookie.sameSite === "Strict");
      const headers = { Cookie: `${cookie.name}=${cookie.value}` };
      const path = "/api/v1/channels/1/pause";
      assert.equal((await send(ready.baseUrl, { method: "POST", path, headers })).status, 403, "without the second text");
      const foreign = { ...headers, Origin: "http://elsewhere.example", "Sec-Fetch-Site": "cross-site" };
      assert.equal((await send(ready.baseUrl, { method: "POST", path, headers: foreign })).status, 403);
      assert.equal(textAt((await admin("GET", "/channels/1")).body, "channel", "state"), "active");
      await page.getByRole("button", { name: "Sign out" }).click();
      const input = page.getByRole("textbox", { name: /Admin token/ });
      await input.fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("This is not the admin token.").waitFor();
      assert.equal(
        (await send(ready.baseUrl, { method: "GET", path: "/api/v1/channels", headers })).status,
        401,
        "the old session is over",
      );
      await page.goto(`${console}deliveries`);
      await input.waitFor();
    }),
  );

  for (const look of [
    { width: 1280, height: 800, colorScheme: "light" },
    { width: 390, height: 844, colorScheme: "dark" },
  ] as const) {
    test(
      `axe finds nothing serious and nothing overflows, ${look.width} px wide and ${look.colorScheme}; record values stay text`,
      limit,
      () =>
        withServer(async ({ page, console, admin, editDeal }) => {
          await editDeal({ Deal_Name: attack, Stage: "Closed Won" });
          const change = numberAt((await admin("GET", "/changes?module=Deals&limit=1")).body, "changes", 0, "id");
          const delivery = numberAt((await admin("GET", "/deliveries?limit=1")).body, "deliveries", 0, "id");
          const details = ["channels/1", `deliveries/${delivery}`, `why-not/${change}`, `records/Deals/${deal}`];
          for (const place of ["", "channels", "deliveries", "why-not", "records?module=Deals", "inbox", "clock", "settings", ...details]) {
            await page.goto(console + place);
            await page.getByRole("heading", { level: 1 }).waitFor();
            await page.waitForLoadState("load");
            assert.deepEqual(await seriousFindings(page), [], place);
            assert.ok((await overflowOf(page)) <= 0, `${place} is wider than its window`);
          }
          assert.equal(await page.evaluate("window.hacked"), undefined);
          assert.ok(listAt((await admin("GET", "/audit")).body, "entries").every((entry) => at(entry, "path") !== undefined));
        }, look),
    );
  }
});
