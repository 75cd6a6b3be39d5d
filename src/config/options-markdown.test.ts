import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { renderConfigurationPage } from "./options-markdown.ts";
import { optionRows } from "./options.ts";

test("docs/configuration.md is what the option table renders", () => {
  const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  assert.equal(page, renderConfigurationPage());
});

test("the page names every flag and every variable", () => {
  const page = renderConfigurationPage();
  for (const { option } of optionRows()) {
    assert.ok(page.includes(`\`${option.flag}`), option.flag);
    assert.ok(page.includes(`\`${option.environment}\``), option.environment);
  }
});

test("every variable is named like its flag", () => {
  for (const { option } of optionRows()) {
    assert.equal(option.environment, `WATCHPOST_${option.flag.slice(2).toUpperCase().replaceAll("-", "_")}`);
  }
});
