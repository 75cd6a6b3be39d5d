import assert from "node:assert/strict";
import { test } from "node:test";
import { fillPath, matchPath } from "./match-path.ts";

test("a path matches part by part, with or without a closing slash", () => {
  assert.deepEqual(matchPath("/channels/:key", "/channels/12"), { key: "12" });
  assert.deepEqual(matchPath("/channels/:key", "/channels/12/"), { key: "12" });
  assert.deepEqual(matchPath("/", ""), {});
  assert.equal(matchPath("/channels/:key", "/channels"), null);
  assert.equal(matchPath("/channels/:key", "/deliveries/12"), null);
});

test("a value is coded into the path and out of it, and a stray percent sign is left alone", () => {
  assert.equal(fillPath("/records/:module/:id", { module: "A/B", id: 7 }), "/records/A%2FB/7");
  assert.deepEqual(matchPath("/records/:module/:id", "/records/A%2FB/7"), { module: "A/B", id: "7" });
  assert.deepEqual(matchPath("/channels/:key", "/channels/%zz"), { key: "%zz" });
});
