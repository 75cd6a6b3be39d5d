import assert from "node:assert/strict";
import { test } from "node:test";
import { readConnection } from "./connection-options.ts";

const token = "a-token-of-some-length";

test("a flag wins over its variable, and the variable over the default", () => {
  const environment = { WATCHPOST_URL: "https://crm.example.com", WATCHPOST_ADMIN_TOKEN: token };
  assert.deepEqual(readConnection({ flags: {}, environment: {} }), {
    ok: true,
    value: { url: "http://127.0.0.1:8585", token: null, isJson: false },
  });
  assert.deepEqual(readConnection({ flags: { "--json": ["true"] }, environment }), {
    ok: true,
    value: { url: "https://crm.example.com", token, isJson: true },
  });
  assert.deepEqual(readConnection({ flags: { "--url": ["http://127.0.0.1:1/"] }, environment }), {
    ok: true,
    value: { url: "http://127.0.0.1:1", token, isJson: false },
  });
});

test("what is wrong is named by flag or variable, and a token is never repeated", () => {
  const wrongUrl = readConnection({ flags: { "--url": ["crm.example.com"] }, environment: {} });
  assert.match(wrongUrl.ok ? "" : wrongUrl.error, /^--url expects an http or https origin/);
  const wrongToken = readConnection({ flags: {}, environment: { WATCHPOST_ADMIN_TOKEN: "tiny" } });
  assert.match(wrongToken.ok ? "" : wrongToken.error, /^WATCHPOST_ADMIN_TOKEN expects/);
  assert.ok(!JSON.stringify(wrongToken).includes("tiny"));
});
