import assert from "node:assert/strict";
import { test } from "node:test";
import { originOf } from "./origin.ts";

test("an origin is scheme, host and port, whatever the path, the query and the writing", () => {
  assert.equal(originOf("https://Hooks.Example/a?b=c"), "https://hooks.example");
  assert.equal(originOf("https://hooks.example:443/b"), "https://hooks.example");
  assert.equal(originOf("http://hooks.example:8080"), "http://hooks.example:8080");
});

test("what is no URL is an origin of its own", () => {
  assert.equal(originOf("nowhere"), "nowhere");
});
