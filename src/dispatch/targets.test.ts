import assert from "node:assert/strict";
import { test } from "node:test";
import { Targets } from "./targets.ts";

function targetsThatCount(keptMax: number) {
  const judged: string[] = [];
  const isUrlAllowed = (url: URL): boolean => {
    judged.push(url.hostname);
    return url.hostname !== "refused.example";
  };
  return { judged, targets: new Targets({ isUrlAllowed }, keptMax) };
}

test("a target says where to POST, whether the guard lets it, and the query as the body names it", () => {
  const { targets } = targetsThatCount(9);
  assert.deepEqual(targets.of("https://r.example:8443/in?a=1&b=%20#x"), {
    origin: "https://r.example:8443",
    path: "/in?a=1&b=%20",
    isAllowed: true,
    queryText: '{"b":" ","?a":"1"}',
  });
  assert.equal(targets.of("https://refused.example/").isAllowed, false);
});

test("a target is worked out once while it is kept, and no more are kept than may be", () => {
  const { judged, targets } = targetsThatCount(2);
  for (const host of ["a", "a", "b", "c", "a"]) targets.of(`https://${host}.example/`);
  assert.deepEqual(judged, ["a.example", "b.example", "c.example", "a.example"]);
});
