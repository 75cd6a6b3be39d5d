/** A short run of the fuzzer, always of one seed; `npm run fuzz` makes long ones of others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "./fuzzer.ts";
import { knowsItsPages } from "./verdict.ts";

test("whatever is sent, the server answers in form, keeps its memory and its store, and goes on", { timeout: 90_000 }, async (t) => {
  assert.ok(knowsItsPages());
  const report = await fuzz({ seed: 1, seconds: 30, requests: 3_000 });
  t.diagnostic(`${report.requests} requests`);
  assert.deepEqual(report.findings, []);
  assert.ok(report.requests >= 500);
});
