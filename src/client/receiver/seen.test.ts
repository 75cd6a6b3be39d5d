import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySeenStore } from "./seen.ts";

describe("memorySeenStore", () => {
  test("what is claimed is nobody else's, until it is released, kept or its time is over", () => {
    const store = memorySeenStore();
    assert.equal(store.claim("a", { now: 0, until: 10 }), "new");
    assert.equal(store.claim("a", { now: 9, until: 19 }), "claimed");
    assert.equal(store.claim("a", { now: 10, until: 20 }), "new");
    void store.release("a");
    assert.equal(store.claim("a", { now: 11, until: 21 }), "new");
    void store.keep("a", { now: 12, until: 100 });
    assert.equal(store.claim("a", { now: 99, until: 109 }), "kept");
    assert.equal(store.claim("a", { now: 100, until: 110 }), "new");
  });

  test("when it is full, what was kept first is forgotten first", () => {
    const store = memorySeenStore({ idsMax: 2 });
    for (const key of ["a", "b", "a", "c"]) void store.keep(key, { now: 0, until: 100 });
    const claimed = ["a", "b", "c"].map((key) => store.claim(key, { now: 1, until: 2 }));
    assert.deepEqual(claimed, ["kept", "new", "kept"]);
  });
});
