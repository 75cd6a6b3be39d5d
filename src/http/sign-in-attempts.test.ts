import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import { startMs } from "./server-under-test.ts";
import { createSignInAttempts } from "./sign-in-attempts.ts";

const windowSeconds = limits.signInFailuresWindowMs / 1_000;

function fixture() {
  const clock = { at: startMs };
  return { clock, attempts: createSignInAttempts({ now: () => clock.at }) };
}

test("a user's failures are counted whatever the address and the case, and forgotten after the window", () => {
  const { clock, attempts } = fixture();
  for (let count = 0; count < limits.signInFailuresPerUserMax; count += 1) {
    assert.equal(attempts.begin({ user: count % 2 === 0 ? "a" : "A", address: `127.0.0.${count}` }), null);
  }
  clock.at += 1_500;
  assert.equal(attempts.begin({ user: "a", address: "127.0.0.9" }), windowSeconds - 1);
  assert.equal(attempts.begin({ user: "b", address: "127.0.0.9" }), null);
  clock.at = startMs + limits.signInFailuresWindowMs;
  assert.equal(attempts.begin({ user: "a", address: "127.0.0.9" }), null);
});

test("an address may fail for many users, but not for any number", () => {
  const { attempts } = fixture();
  for (let count = 0; count < limits.signInFailuresPerAddressMax; count += 1) {
    assert.equal(attempts.begin({ user: `user ${count}`, address: "::1" }), null);
  }
  assert.equal(attempts.begin({ user: "another", address: "::1" }), windowSeconds);
  assert.equal(attempts.begin({ user: "another", address: "::2" }), null);
});

test("an attempt that was not made counts for nothing, nor does one that succeeded", () => {
  const { attempts } = fixture();
  const attempt = { user: "a", address: "::1" };
  for (let count = 0; count < 10 * limits.signInFailuresPerAddressMax; count += 1) {
    assert.equal(attempts.begin(attempt), null);
    attempts.forgive(attempt);
  }
  for (let count = 0; count < limits.signInFailuresPerUserMax; count += 1) assert.equal(attempts.begin(attempt), null);
  for (let count = 0; count < limits.signInFailuresPerAddressMax; count += 1) assert.notEqual(attempts.begin(attempt), null);
  assert.equal(attempts.begin({ user: "b", address: "::1" }), null);
});

test("no more is kept than the limit; the oldest window leaves first", () => {
  const { attempts } = fixture();
  const first = { user: "first", address: "::1" };
  for (let count = 0; count < limits.signInFailuresPerUserMax; count += 1) attempts.begin(first);
  for (let count = 0; count < limits.signInKeysKeptMax; count += 1) attempts.begin({ user: `user ${count}`, address: `address ${count}` });
  assert.equal(attempts.begin(first), null);
});
