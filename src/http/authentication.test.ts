import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import type { Authenticator } from "./authentication.ts";
import { createAuthenticator } from "./authentication.ts";
import { principal, startMs } from "./server-under-test.ts";

type Fixture = { readonly authenticator: Authenticator; readonly clock: { at: number }; readonly asked: string[] };

/** Knows every token that starts with `known`. */
function fixture(expiresAt = principal.expiresAt): Fixture {
  const clock = { at: startMs };
  const asked: string[] = [];
  const authenticator = createAuthenticator({
    clock: { now: () => clock.at },
    principalOf: (accessToken) => {
      asked.push(accessToken);
      return Promise.resolve(accessToken.startsWith("known") ? { ...principal, expiresAt } : null);
    },
  });
  return { authenticator, clock, asked };
}

async function codeOf(authenticator: Authenticator, authorization: string | undefined): Promise<string> {
  const result = await authenticator.authenticate(authorization);
  return result.ok ? "ok" : result.error.code;
}

test("both schemes are taken, in any case; every other header is no authentication", async () => {
  const { authenticator } = fixture();
  for (const header of ["Zoho-oauthtoken known", "zoho-OAUTHTOKEN  known", "Bearer known", "bearer known"]) {
    assert.equal(await codeOf(authenticator, header), "ok", header);
  }
  for (const header of [undefined, "", "known", "Bearer", "Bearer ", "Basic known", "Bearer known twice", "Zoho-oauthtoken"]) {
    assert.equal(await codeOf(authenticator, header), "unauthenticated", header);
  }
});

test("an unknown token is refused, and asked for again each time", async () => {
  const { authenticator, asked } = fixture();
  assert.equal(await codeOf(authenticator, "Bearer other"), "token_invalid");
  assert.equal(await codeOf(authenticator, "Bearer other"), "token_invalid");
  assert.equal(asked.length, 2);
});

test("a principal is kept for a while and then asked for anew", async () => {
  const { authenticator, clock, asked } = fixture();
  await authenticator.authenticate("Bearer known");
  clock.at += limits.cachedTokenMs - 1;
  await authenticator.authenticate("Zoho-oauthtoken known");
  assert.equal(asked.length, 1);
  clock.at += 1;
  await authenticator.authenticate("Bearer known");
  assert.equal(asked.length, 2);
});

test("a kept principal ends with its token", async () => {
  const { authenticator, clock } = fixture(startMs + 10);
  assert.equal(await codeOf(authenticator, "Bearer known"), "ok");
  clock.at += 10;
  assert.equal(await codeOf(authenticator, "Bearer known"), "token_invalid");
});

test("no more principals are kept than the limit, and the one not used for longest leaves first", async () => {
  const { authenticator, asked } = fixture();
  for (let at = 0; at < limits.cachedTokensMax; at += 1) await authenticator.authenticate(`Bearer known${at}`);
  await authenticator.authenticate("Bearer known0");
  await authenticator.authenticate("Bearer known-more");
  asked.length = 0;
  await authenticator.authenticate("Bearer known0");
  assert.deepEqual(asked, []);
  await authenticator.authenticate("Bearer known1");
  assert.deepEqual(asked, ["known1"]);
});

test("after forgetting, every token is asked for anew", async () => {
  const { authenticator, asked } = fixture();
  await authenticator.authenticate("Bearer known");
  authenticator.forgetSessions();
  await authenticator.authenticate("Bearer known");
  assert.equal(asked.length, 2);
});

test("a session that was ended is asked for anew, the others are kept", async () => {
  const { authenticator, asked } = fixture();
  await authenticator.authenticate("Bearer known1");
  await authenticator.authenticate("Bearer known2");
  authenticator.endSessions([createHash("sha256").update("known1").digest("hex")]);
  asked.length = 0;
  await authenticator.authenticate("Bearer known1");
  await authenticator.authenticate("Bearer known2");
  assert.deepEqual(asked, ["known1"]);
});

test("an answer of the store that was under way when a session ended is not kept", async () => {
  const asked: ((known: typeof principal) => void)[] = [];
  const authenticator = createAuthenticator({
    clock: { now: () => startMs },
    principalOf: () => new Promise((resolve) => void asked.push(resolve)),
  });
  for (const end of [() => authenticator.endSessions(["any"]), () => authenticator.forgetSessions()]) {
    const first = authenticator.authenticate("Bearer known");
    end();
    asked.pop()?.(principal);
    assert.equal((await first).ok, true);
    const second = authenticator.authenticate("Bearer known");
    assert.equal(asked.length, 1, "the store is asked again");
    end();
    asked.pop()?.(principal);
    await second;
  }
});
