import assert from "node:assert/strict";
import { test } from "node:test";
import { keptHeaders } from "./kept-headers.ts";

test("headers are kept by name, several of one name joined, and what carries a session is left out", () => {
  const headers = { "content-type": "text/plain", via: ["a", "b"], "set-cookie": "session=hush", date: undefined };
  assert.deepEqual(keptHeaders(headers, 1_000), { "content-type": "text/plain", via: "a, b" });
});

test("the first headers that fit are kept", () => {
  assert.deepEqual(keptHeaders({ a: "12345", b: "12345", c: "1" }, 12), { a: "12345", b: "12345" });
  assert.deepEqual(keptHeaders({ a: "x".repeat(50) }, 12), {});
});

test("a header may have the name of something that every object inherits", () => {
  assert.deepEqual(Object.entries(keptHeaders(Object.fromEntries([["__proto__", "1"]]), 100)), [["__proto__", "1"]]);
});
