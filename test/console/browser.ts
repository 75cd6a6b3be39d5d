/** A real Chromium for the tests of the console. Without one they are skipped by name, which with CI=true is a failure. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import { type Browser, type Page, chromium } from "playwright-core";
import { repositoryRoot } from "../../tools/repository.ts";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => existsSync(place));
const isBuilt = existsSync(path.join(repositoryRoot, "dist/console/index.html"));

/** Why the tests cannot run here, for `skip`; false when they can. */
export const noBrowser: string | false =
  executablePath === undefined ? "needs Chromium" : isBuilt ? false : "needs the built console (npm run build:console)";

export function openBrowser(): Promise<Browser> {
  assert.ok(executablePath !== undefined);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"];
  return chromium.launch({ executablePath, headless: true, args });
}

export type Watched = {
  readonly page: Page;
  /** Faults that the page had: exceptions, refusals of the Content-Security-Policy, requests to anywhere else. */
  readonly faults: string[];
};

export type Look = { readonly width: number; readonly height: number; readonly colorScheme: "light" | "dark" };

const desktop: Look = { width: 1280, height: 800, colorScheme: "light" };

/** A page of a profile of its own, that notes what goes wrong in it. */
export async function openPage(browser: Browser, origin: string, look: Look = desktop): Promise<Watched> {
  const { width, height, colorScheme } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) faults.push(`policy: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) faults.push(`request elsewhere: ${request.url()}`);
  });
  return { page, faults };
}

/** The serious findings of axe-core on the page as it stands, one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger and not by the page, so that the page's own policy stays as it is.
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)");
  assert.ok(Array.isArray(found));
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node: { target: unknown; failureSummary: string }) => `${String(node.target)} ${node.failureSummary}`).join(" | ")}`,
    );
}

/** How many pixels the page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
