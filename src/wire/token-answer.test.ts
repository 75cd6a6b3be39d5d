import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToken, renderTokenError } from "./token-answer.ts";

const issued = { accessToken: "1000.a", refreshToken: null, scopes: ["ZohoCRM.org.ALL", "ZohoCRM.users.READ"], expiresInSeconds: 3_600 };

test("a refreshed token is told with its scopes, our own domain and its life in seconds", () => {
  assert.equal(
    JSON.stringify(renderToken(issued, "http://127.0.0.1:8080")),
    '{"access_token":"1000.a","scope":"ZohoCRM.org.ALL ZohoCRM.users.READ","api_domain":"http://127.0.0.1:8080","token_type":"Bearer","expires_in":3600}',
  );
});

test("a code grant brings the refresh token, right after the access token", () => {
  const rendered = renderToken({ ...issued, refreshToken: "1000.r" }, "http://127.0.0.1:8080");
  assert.deepEqual(Object.keys(rendered ?? {}).slice(0, 3), ["access_token", "refresh_token", "scope"]);
});

test("expires_in_sec is never there, since clients would then read expires_in as milliseconds", () => {
  assert.doesNotMatch(JSON.stringify(renderToken(issued, "http://127.0.0.1")), /expires_in_sec/);
});

test("a refusal is an error word and nothing else", () => {
  assert.deepEqual(renderTokenError("invalid_code"), { error: "invalid_code" });
});
