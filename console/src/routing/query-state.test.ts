import assert from "node:assert/strict";
import { test } from "node:test";
import { queryCodec } from "./query-state.ts";

const codec = queryCodec({ status: "", module: "", tab: "overview" });

test("what the address does not say is at its default", () => {
  assert.deepEqual(codec.read("?status=dead&other=1"), { status: "dead", module: "", tab: "overview" });
});

test("a default is not written, what is not the codec's stays, and what is not said is kept", () => {
  assert.equal(codec.write("", { status: "" }), "");
  assert.equal(codec.write("?other=1&status=dead", { module: "Deals" }), "?other=1&status=dead&module=Deals");
  assert.equal(codec.write("?status=dead&tab=snippets", { status: "", tab: "overview" }), "");
});

test("any text makes the way into the address and back", () => {
  const value = "a b&c=d#é%\"'<script>";
  assert.equal(codec.read(codec.write("", { module: value })).module, value);
});
