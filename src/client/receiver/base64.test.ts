import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfBase64 } from "./base64.ts";

test("base64 in the standard alphabet is read, and nothing else", () => {
  assert.deepEqual(bytesOfBase64("AAH/"), new Uint8Array([0, 1, 255]));
  assert.deepEqual(bytesOfBase64("/w=="), new Uint8Array([255]));
  for (const text of ["A", "AA-_", "AA AA", "Zm9v\n", "=", "AAAA===="]) assert.equal(bytesOfBase64(text), null, JSON.stringify(text));
});
