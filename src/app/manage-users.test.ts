import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import { type Claim, settlementOf } from "../core/attempt.ts";
import type { Operation } from "../core/channel.ts";

async function write(app: InThread, operation: Operation, { item, id = null }: { item: unknown; id?: string | null }) {
  const done = await app.run("users.write", { caller: app.caller, operation, items: [item], idInPath: id });
  assert.ok(done.ok);
  const [result] = done.value;
  assert.ok(result !== undefined);
  return result;
}

async function insert(app: InThread, email: string): Promise<string> {
  const result = await write(app, "insert", { item: { email, last_name: "Second" } });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.id;
}

/** What is owed about one user comes one after the other. */
async function claimAll(app: InThread): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (let [claim] = await app.claims(); claim !== undefined; [claim] = await app.claims()) {
    claims.push(claim);
    const settlement = settlementOf(claim, { end: "delivered", attempt: null, retryAfterMs: null });
    await app.run("dispatch.settle", { settlements: [settlement] });
  }
  return claims;
}

test("an address that another user has is refused, whether the id stands in the path or in the item", async () => {
  await using app = await InThread.open();
  const id = await insert(app, "second@acme.example");
  const taken = { ok: false, error: { code: "duplicate", path: ["users", 0, "email"] } };
  assert.deepEqual(await write(app, "insert", { item: { email: "OWNER@acme.example", last_name: "Again" } }), taken);
  assert.deepEqual(await write(app, "update", { item: { email: "owner@acme.example" }, id }), taken);
  assert.deepEqual(await write(app, "update", { item: { id, email: "owner@acme.example" } }), taken);
  assert.deepEqual(await write(app, "update", { item: { id, email: "Second@acme.example" } }), { ok: true, value: { id } });
});

test("making, changing, deactivating and deleting a user notifies users.all, a change of nothing does not", async () => {
  await using app = await InThread.open();
  await app.subscribe("1", ["users.all"], { return_affected_field_values: true });
  const id = await insert(app, "second@acme.example");
  await write(app, "update", { item: { last_name: "Changed" }, id });
  await write(app, "update", { item: { last_name: "Changed" }, id });
  await write(app, "update", { item: { status: "inactive" }, id });
  await write(app, "delete", { item: id, id });
  const claims = await claimAll(app);
  assert.deepEqual(
    claims.map(({ module, operation, affectedFields }) => [module, operation, affectedFields]),
    [
      ["users", "insert", "[]"],
      ["users", "update", JSON.stringify([{ [id]: ["last_name", "full_name"] }])],
      ["users", "update", JSON.stringify([{ [id]: ["status"] }])],
      ["users", "delete", JSON.stringify([{ [id]: ["status"] }])],
    ],
  );
  assert.equal(claims[2]?.affectedValues, JSON.stringify([{ record_id: id, values: { status: "inactive" } }]));
});

test("a user who was deactivated is nobody to an access token", async () => {
  const client = {
    clientId: "1000.A",
    clientSecret: "s",
    userEmail: "second@acme.example",
    scopes: ["ZohoCRM.org.ALL"],
    refreshToken: "r",
    name: null,
    acts: "alone" as const,
  };

  const second = { email: "second@acme.example", firstName: null, lastName: "Second", password: null };
  const seeded = { ...acme, users: [...acme.users, second], clients: [{ ...client, grantToken: null, redirectUri: null }] };
  await using app = await InThread.open({ orgs: [seeded] });
  const rest = { code: null, redirectUri: null, scope: null, soid: null, isThrottled: false };
  const request = { grantType: "refresh_token", clientId: "1000.A", clientSecret: "s", refreshToken: "r", ...rest };
  const issued = await app.run("oauth.token", request);
  assert.ok(issued.ok);
  const { accessToken } = issued.value;
  const principal = await app.run("auth.principal", { accessToken });
  assert.ok(principal !== null);
  await write(app, "update", { item: { status: "inactive" }, id: principal.userId });
  assert.equal(await app.run("auth.principal", { accessToken }), null);
});
