import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { compress, prefersGzip } from "./compression.ts";

const asked: readonly string[] = [
  "gzip",
  "GZIP",
  "gzip, deflate, br",
  "gzip,deflate",
  "br;q=1.0, gzip;q=0.8, *;q=0.1",
  "deflate , gzip ; q=0.001",
  "*",
  "x-gzip",
  "gzip;q=1.000, identity;q=0.5",
  "identity, gzip",
  "identity;q=0, *;q=0.5",
];
for (const header of asked) test(`Accept-Encoding: ${header} gets gzip`, () => assert.ok(prefersGzip(header)));

const notAsked: readonly (string | undefined)[] = [
  undefined,
  "",
  " ",
  "identity",
  "br, deflate",
  "gzip;q=0",
  "gzip;q=0.000",
  "*;q=1, gzip;q=0",
  "*;q=0",
  "identity;q=1, gzip;q=0.5",
  "gzip;q=2",
  "gzip;q=x",
  "gzipped",
  ",;,=;q",
];
for (const header of notAsked) test(`Accept-Encoding: ${String(header)} gets the text as it is`, () => assert.ok(!prefersGzip(header)));

test("what is compressed is the text in UTF-8", async () => {
  const text = JSON.stringify({ name: "Zoë 😀".repeat(500) });
  const bytes = await compress(text);
  assert.equal(gunzipSync(bytes).toString("utf8"), text);
  assert.ok(bytes.length < text.length / 10);
});
