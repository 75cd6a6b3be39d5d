import assert from "node:assert/strict";
import { test } from "node:test";
import { readApiName, readMetadataItems, readOwnId, readText } from "./metadata-keys.ts";

test("the items are the list under their key", () => {
  assert.deepEqual(readMetadataItems({ fields: [1, 2] }, "fields", 2), { ok: true, value: [1, 2] });
});

test("a body without items, or with too many, is refused", () => {
  const refused = (body: unknown) => {
    const items = readMetadataItems(body, "modules", 1);
    return items.ok ? null : items.error;
  };
  assert.deepEqual(refused([]), { code: "body_malformed" });
  for (const body of [{}, { modules: null }, { modules: [] }]) {
    assert.deepEqual(refused(body), { code: "mandatory_missing", path: ["modules"] });
  }
  assert.deepEqual(refused({ modules: {} }), { code: "value_invalid", path: ["modules"], expectedType: "jsonarray" });
  assert.deepEqual(refused({ modules: [1, 2] }), { code: "too_many_items", path: ["modules"], limit: 1 });
});

test("a text loses the blanks at its ends, and may be neither blank, nor long, nor hold a control character", () => {
  const read = (value: unknown) => readText({ key: value }, "key", { path: ["fields", 0], charsMax: 5 });
  assert.deepEqual(read("  a b "), { ok: true, value: "a b" });
  assert.deepEqual(read(null), { ok: true, value: undefined });
  for (const value of ["  ", 7, "a\u0000b"]) {
    assert.deepEqual(read(value), { ok: false, error: { code: "value_invalid", path: ["fields", 0, "key"], expectedType: "text" } });
  }
  assert.deepEqual(read("abcdef"), { ok: false, error: { code: "value_invalid", path: ["fields", 0, "key"], maximumLength: 5 } });
});

test("an id is an int64 in digits or as a number, an API name one of the form that they have", () => {
  assert.deepEqual(readOwnId({ id: 7 }, []), { ok: true, value: "7" });
  assert.deepEqual(readOwnId({}, []), { ok: true, value: null });
  assert.equal(readOwnId({ id: "x" }, []).ok, false);
  assert.deepEqual(readApiName({ api_name: "A_1" }, []), { ok: true, value: "A_1" });
  assert.deepEqual(readApiName({}, []), { ok: true, value: undefined });
  assert.equal(readApiName({ api_name: "1A" }, []).ok, false);
});
