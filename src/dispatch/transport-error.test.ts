import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusedTargetError } from "./connect.ts";
import { transportFailure } from "./transport-error.ts";

function withCode(code: string, message = "connect to https://example.com/hook?authorization=secret failed"): Error {
  return Object.assign(new Error(message), { code });
}

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection closed before an answer",
  UND_ERR_SOCKET: "connection closed before an answer",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  ENOTFOUND: "the host name is not known",
  CERT_HAS_EXPIRED: "the TLS certificate has expired",
  HPE_INVALID_CONSTANT: "the answer is not HTTP",
  ERR_SSL_WRONG_VERSION_NUMBER: "the TLS handshake failed",
};

test("each known code has its own words, and the outcome is unreachable", () => {
  for (const [code, text] of Object.entries(known)) {
    assert.deepEqual(transportFailure(withCode(code), 300), { outcome: "unreachable", text });
  }
});

test("the parser's error, which comes without a code, is known by its name", () => {
  const error = Object.assign(new Error("Response does not match"), { name: "HTTPParserError", code: undefined });
  assert.equal(transportFailure(error, 300).text, "the answer is not HTTP");
});

test("an address that the guard refused is its own outcome", () => {
  assert.deepEqual(transportFailure(new RefusedTargetError(), 300), {
    outcome: "refused_target",
    text: "the target's address is not allowed",
  });
});

test("the code is also found in the error's cause and in the first of several errors", () => {
  assert.equal(transportFailure(new Error("outer", { cause: withCode("ECONNREFUSED") }), 300).text, "connection refused");
  assert.equal(
    transportFailure(new AggregateError([withCode("EHOSTUNREACH"), withCode("ECONNREFUSED")]), 300).text,
    "no route to the host",
  );
});

test("the error's own message never shows, for it may hold the URL's query", () => {
  const errors = [withCode("EODD"), withCode("secret code"), new Error("secret"), "secret", null, undefined];
  for (const error of errors) assert.doesNotMatch(transportFailure(error, 300).text, /secret|example/);
  assert.equal(transportFailure(withCode("EODD"), 300).text, "the request failed (EODD)");
  assert.equal(transportFailure(null, 300).text, "the request failed");
});

test("the text is bounded", () => {
  assert.equal(transportFailure(withCode(`E${"X".repeat(500)}`), 40).text.length, 40);
});
