import assert from "node:assert/strict";
import { test } from "node:test";
import type { IssuedToken } from "../core/principal.ts";
import { renderProfile, renderRevocation, renderToken, renderTokenError } from "./token-answer.ts";

const issued: IssuedToken = {
  accessToken: "1000.a",
  refreshToken: null,
  scopes: ["ZohoCRM.org.ALL", "ZohoCRM.users.READ"],
  expiresInSeconds: 3_600,
  endedDigests: ["d"],
};

test("a refreshed token is told with its scopes, our own domain and its life in seconds", () => {
  const { httpStatus, body } = renderToken(issued, "http://127.0.0.1:8080");
  assert.equal(httpStatus, 200);
  assert.equal(
    JSON.stringify(body),
    '{"access_token":"1000.a","scope":"ZohoCRM.org.ALL ZohoCRM.users.READ","api_domain":"http://127.0.0.1:8080","token_type":"Bearer","expires_in":3600}',
  );
});

test("a code grant brings the refresh token, right after the access token", () => {
  const { body } = renderToken({ ...issued, refreshToken: "1000.r" }, "http://127.0.0.1:8080");
  assert.deepEqual(Object.keys(body ?? {}).slice(0, 3), ["access_token", "refresh_token", "scope"]);
});

test("expires_in_sec is never there, since clients would then read expires_in as milliseconds", () => {
  assert.doesNotMatch(JSON.stringify(renderToken(issued, "http://127.0.0.1")), /expires_in_sec/);
});

test("a refusal is an error word and nothing else, with status 200", () => {
  for (const error of ["invalid_code", "invalid_client", "unsupported_grant_type"] as const) {
    assert.deepEqual(renderTokenError(error), { httpStatus: 200, body: { error } });
  }
});

test("too many requests are refused with status 400 and a sentence", () => {
  assert.deepEqual(renderTokenError("throttled"), {
    httpStatus: 400,
    body: {
      error: "Access Denied",
      error_description: "You have made too many requests continuously. Please try again after some time.",
      status: "failure",
    },
  });
});

test("a revocation succeeds, or the token was none", () => {
  assert.deepEqual(renderRevocation(true), { httpStatus: 200, body: { status: "success" } });
  assert.deepEqual(renderRevocation(false), { httpStatus: 400, body: { error: "invalid_code" } });
});

test("a profile tells the user's names, address and id, a token that is none tells of nobody", () => {
  const profile = { userId: "554023000050000001", email: "owner@acme.example", firstName: "Ada", lastName: "Owner" };
  const names = { First_Name: "Ada", Last_Name: "Owner", Email: "owner@acme.example", Display_Name: "Ada Owner" };
  assert.deepEqual(renderProfile(profile), { httpStatus: 200, body: { ...names, ZUID: "554023000050000001" } });
  const { body } = renderProfile({ ...profile, firstName: null });
  assert.deepEqual(body, { ...names, First_Name: "", Display_Name: "Owner", ZUID: "554023000050000001" });
  assert.deepEqual(renderProfile(null), { httpStatus: 401, body: { error: "invalid_token" } });
});
