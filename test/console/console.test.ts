/**
 * The console in a real browser. It runs against the fake server of console/dev, under the Content-Security-Policy that the real one
 * sends; each test also fails when the page had an exception, broke the policy, or asked anything of another origin.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { commit } from "../../console/dev/engine.ts";
import { placesOf } from "../../console/dev/places.ts";
import type { FakeServer } from "../../console/dev/server.ts";
import { openFake } from "../../console/dev/server.ts";
import type { Look } from "./browser.ts";
import { noBrowser, openBrowser, openPage, overflowOf, seriousFindings } from "./browser.ts";

const limit = { timeout: 120_000 };
const phone: Look = { width: 360, height: 740, colorScheme: "dark" };
const wide: Look = { width: 1280, height: 800, colorScheme: "light" };

describe("the console in a browser", { skip: noBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  /** Runs a test on a signed-in page of a server of its own. */
  async function withConsole(
    past: "new" | "full",
    act: (world: { page: Page; fake: FakeServer }) => Promise<void>,
    look = wide,
  ): Promise<void> {
    const fake = await openFake({ port: 0, past });
    try {
      const { page, faults } = await openPage(browser, new URL(fake.url).origin, look);
      await page.goto(`${fake.url}#token=${fake.token}`);
      await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
      await act({ page, fake });
      assert.deepEqual(faults, []);
      await page.context().close();
    } finally {
      await fake.close();
    }
  }

  test("a wrong token is refused with what to do, a right one lets in, and signing out ends it", limit, async () => {
    const fake = await openFake({ port: 0, past: "full" });
    const { page, faults } = await openPage(browser, new URL(fake.url).origin);
    await page.goto(`${fake.url}deliveries?status=dead`);
    const input = page.getByRole("textbox", { name: /Admin token/ });
    await input.fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This is not the admin token.").waitFor();
    await input.fill(fake.token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Deliveries" }).waitFor();
    assert.match(page.url(), /\/console\/deliveries\?status=dead$/, "who came by a link gets to where it leads");
    const cookies = await page.context().cookies();
    assert.deepEqual(
      cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite })),
      [{ httpOnly: true, sameSite: "Strict" }],
    );
    await page.getByRole("button", { name: "Sign out" }).click();
    await input.waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
    await fake.close();
  });

  test("a token in the address lets in and is gone from the address", limit, () =>
    withConsole("full", async ({ page }) => {
      assert.ok(!page.url().includes("token"), page.url());
      assert.equal(await page.title(), "Home · Watchpost");
    }),
  );

  test("on a new server three steps lead to the first notification in the inbox", limit, () =>
    withConsole("new", async ({ page }) => {
      await page.getByRole("button", { name: "Subscribe the inbox" }).click();
      await page.getByText(/The inbox watches/).waitFor();
      await page.getByRole("link", { name: "Records", exact: true }).click();
      await page.getByRole("link", { name: "Initech renewal" }).click();
      await page.getByRole("combobox", { name: /Stage/ }).selectOption("Closed Won");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/^Saved\./).waitFor();
      await page.getByRole("link", { name: "Inbox", exact: true }).click();
      await page.getByRole("heading", { level: 2, name: "Deals update" }).waitFor();
      await page.getByText("The signature is right").waitFor();
    }),
  );

  test("a failed delivery is found by its status and replayed, and the new one arrives while one looks on", limit, () =>
    withConsole("full", async ({ page }) => {
      await page.getByRole("link", { name: "look at them" }).click();
      assert.match(page.url(), /status=dead/);
      await page
        .getByRole("link", { name: /^#\d+$/ })
        .first()
        .click();
      await page.getByRole("listitem").filter({ hasText: "Attempt 10" }).waitFor();
      await page.getByRole("button", { name: "Replay" }).click();
      await page.getByRole("button", { name: "Send it again" }).click();
      await page.getByText("Replay of").waitFor();
      await page.getByRole("heading", { level: 1 }).getByText("delivered").waitFor();
      await page.goBack();
      await page.getByText("Replayed as").waitFor();
    }),
  );

  test("a batch is counted first, runs with its progress, and can be cancelled", limit, () =>
    withConsole("full", async ({ page }) => {
      await page.getByRole("link", { name: "Deliveries", exact: true }).click();
      await page.getByRole("combobox", { name: "Status" }).selectOption("delivered");
      await page.getByRole("button", { name: "Replay all that match" }).click();
      await page.getByText(/^\d+ deliveries would be sent\.$/).waitFor();
      await page.getByRole("button", { name: /^Send \d+$/ }).click();
      // Another one runs already; the newest stands first.
      await page.getByRole("progressbar", { name: /\(delivered\)/ }).waitFor();
      await page.getByRole("button", { name: "Cancel", exact: true }).first().click();
      await page.getByRole("button", { name: "Cancel it" }).click();
      await page.getByText(/Cancelled after \d+/).waitFor();
    }),
  );

  test("why a change led to no notification is told by the condition's own tree", limit, () =>
    withConsole("full", async ({ page, fake }) => {
      const id = placesOf(fake.world)["explanation"]?.split("/")[1] ?? "";
      await page.getByRole("link", { name: "Why not", exact: true }).click();
      await page.getByRole("link", { name: new RegExp(`#${id}$`) }).click();
      const verdict = page.getByRole("region", { name: "Channel 1000000068002" });
      await verdict.getByText("condition not met", { exact: true }).waitFor();
      await verdict.getByText(/Stage changed/).waitFor();
      assert.equal(await verdict.getByText("✗ not met").count(), 5);
    }),
  );

  test("a channel is paused after a question, resumed, and offered what it missed", limit, () =>
    withConsole("full", async ({ page, fake }) => {
      const [channel] = fake.world.channels;
      await page.goto(`${fake.url}channels/${String(channel?.key)}`);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Leave it" }).click();
      assert.equal(channel?.state, "active");
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Pause it" }).click();
      await page.getByRole("heading", { level: 1 }).getByText("paused").waitFor();
      const [deal] = fake.world.modules.find(({ apiName }) => apiName === "Deals")?.records ?? [];
      commit(fake.world, {
        module: "Deals",
        operation: "update",
        recordId: deal?.id ?? "",
        before: { Amount: 1 },
        after: { Amount: 2 },
        ageMs: 0,
      });
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("dialog", { name: "Replay what the channel missed" }).getByText("1 delivery would be sent.").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("heading", { level: 1 }).getByText("active").waitFor();
    }),
  );

  test("what records and receivers hold stays text", limit, () =>
    withConsole("full", async ({ page, fake }) => {
      const attack = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}`;
      const deals = fake.world.modules.find(({ apiName }) => apiName === "Deals");
      const [deal] = deals?.records ?? [];
      assert.ok(deal !== undefined);
      await page.goto(`${fake.url}records/Deals/${deal.id}`);
      await page.getByRole("textbox", { name: /Deal Name/ }).fill(attack);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/^Saved\./).waitFor();
      await page.goto(`${fake.url}records?module=Deals`);
      await page.getByRole("link", { name: attack }).waitFor();
      const [change] = fake.world.changes;
      await page.goto(`${fake.url}why-not/${String(change?.id)}`);
      await page.getByText(attack).first().waitFor();
      // The answer of the failing channel's target is an attack too.
      await page.goto(`${fake.url}${placesOf(fake.world)["delivery"] ?? ""}`);
      await page.getByText("<script>window.hacked = true</script>").first().waitFor({ state: "attached" });
      assert.equal(await page.evaluate("window.hacked"), undefined);
    }),
  );

  test("every page says where one is, takes the focus to its heading, and is reached by keyboard", limit, () =>
    withConsole("full", async ({ page }) => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.id"), "content");
      const link = page.getByRole("link", { name: "Channels", exact: true });
      await link.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Channels" }).waitFor();
      assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
      assert.equal(await link.getAttribute("aria-current"), "page");
      assert.equal(await page.title(), "Channels · Watchpost");
    }),
  );

  test("when the stream breaks the page says so, asks by itself, and is live again when the stream is back", limit, () =>
    withConsole("full", async ({ page, fake }) => {
      const mark = page.getByRole("banner").getByText(/^(?:live|every 5 s)$/);
      await mark.and(page.getByText("live", { exact: true })).waitFor();
      await page.route("**/api/v1/stream", (route) => route.abort());
      fake.breakStreams();
      await mark.and(page.getByText("every 5 s", { exact: true })).waitFor();
      await page.unroute("**/api/v1/stream");
      await mark.and(page.getByText("live", { exact: true })).waitFor();
    }),
  );

  test("an error says what to do, and trying again shows what was asked for", limit, () =>
    withConsole("full", async ({ page }) => {
      const refusal = {
        status: 400,
        contentType: "application/json",
        body: '{"error":{"code":"x","message":"The value of module is wrong.","param":"module"}}',
      };
      await page.route("**/api/v1/channels*", (route) => route.fulfill(refusal));
      await page.getByRole("link", { name: "Channels", exact: true }).click();
      await page.getByRole("alert").getByText("Correct module and try again.").waitFor();
      await page.unroute("**/api/v1/channels*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("link", { name: "1000000068001" }).waitFor();
    }),
  );

  test("axe-core sees a fault, and the width of the page is measured", limit, () =>
    withConsole("full", async ({ page }) => {
      await page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), { src: '/console/favicon.svg', width: 3000 }))",
      );
      assert.match((await seriousFindings(page)).join(), /^image-alt/);
      assert.ok((await overflowOf(page)) > 0);
    }),
  );

  for (const [name, look] of Object.entries({ "a wide window in light": wide, "a narrow phone in dark": phone })) {
    test(`axe-core finds nothing serious on any page, and nothing is wider than the window: ${name}`, limit, () =>
      withConsole(
        "full",
        async ({ page, fake }) => {
          for (const [place, address] of Object.entries(placesOf(fake.world))) {
            await page.goto(fake.url + address);
            await page.getByRole("heading", { level: 1 }).waitFor();
            await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
            assert.deepEqual(await seriousFindings(page), [], place);
            assert.equal(await overflowOf(page), 0, place);
          }
        },
        look,
      ),
    );
  }
});
