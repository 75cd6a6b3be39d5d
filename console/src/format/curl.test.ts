import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { curlOf, quote } from "./curl.ts";

test("the command has url, headers and body, and leaves to curl what is curl's", () => {
  const headers = { host: "a.test", "Content-Length": "2", "webhook-id": "msg_1" };
  assert.equal(
    curlOf({ url: "http://127.0.0.1/hook?a=b c", headers, body: "{}" }),
    "curl -i 'http://127.0.0.1/hook?a=b c' \\\n  -H 'webhook-id: msg_1' \\\n  --data-raw '{}'",
  );
  assert.equal(curlOf({ url: "http://127.0.0.1/", headers: {}, body: null }), "curl -i 'http://127.0.0.1/'");
});

test("a shell gives back exactly what was quoted, whatever a hostile record put into it", () => {
  for (const text of ["it's", "$(touch x)", "`id`", "a\nb", "'; rm -rf . #", '"\\', "", "!!"]) {
    assert.equal(execFileSync("sh", ["-c", `printf %s ${quote(text)}`], { encoding: "utf8" }), text);
  }
});
