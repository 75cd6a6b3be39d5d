import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import type { TokenRequest } from "../core/principal.ts";
import { parseQuery } from "./query.ts";
import { parseForm, readTokenRequest } from "./token-form.ts";

const none: TokenRequest = {
  grantType: null,
  clientId: null,
  clientSecret: null,
  refreshToken: null,
  code: null,
  redirectUri: null,
  scope: null,
  soid: null,
};
const refresh: TokenRequest = { ...none, grantType: "refresh_token", clientId: "1000.C", clientSecret: "s+1 &", refreshToken: "1000.r" };
const boundary = "--------------------------042";
const formType = "application/x-www-form-urlencoded";

async function read(contentType: string | undefined, body: string, query = ""): Promise<TokenRequest> {
  return readTokenRequest(await parseForm(contentType, new TextEncoder().encode(body), parseQuery(query)));
}

function multipart(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--${boundary}--\r\n`;
}

const encoded = "grant_type=refresh_token&client_id=1000.C&client_secret=s%2B1+%26&refresh_token=1000.r";

test("a multipart form, an urlencoded form and a query string are read alike", async () => {
  const form = multipart({ client_id: "1000.C", client_secret: "s+1 &", grant_type: "refresh_token", refresh_token: "1000.r" });
  assert.deepEqual(await read(`multipart/form-data; boundary=${boundary}`, form), refresh);
  assert.deepEqual(await read(formType, encoded), refresh);
  assert.deepEqual(await read(undefined, encoded), refresh);
  assert.deepEqual(await read("application/json", "", `${encoded}&`), refresh);
});

test("the body's parameter counts before the query's, and an empty one counts for nothing", async () => {
  const request = await read(formType, "code=body&client_id=", "code=query&client_id=1000.Q&redirect_uri=http://a.example");
  assert.deepEqual(request, { ...none, code: "body", clientId: "1000.Q", redirectUri: "http://a.example" });
});

test("a multipart body that cannot be read names no parameter", async () => {
  for (const contentType of ["multipart/form-data; boundary=other", "multipart/form-data; x"]) {
    assert.deepEqual(await read(contentType, multipart({ code: "1" })), none, contentType);
  }
});

test("parameters beyond the limit are not read", async () => {
  const many = "a=1&".repeat(limits.tokenFormFieldsMax);
  assert.deepEqual(await read(formType, `${many}code=1`), none);
});
