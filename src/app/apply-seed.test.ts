import assert from "node:assert/strict";
import { test } from "node:test";
import { InThread, acme } from "../../test/support/in-thread.ts";
import type { SeedClient, SeedModule, SeedOrg } from "../core/seed.ts";

const client: SeedClient = {
  clientId: "1000.A",
  clientSecret: "secret",
  name: null,
  acts: "alone" as const,
  userEmail: "owner@acme.example",
  scopes: ["ZohoCRM.modules.ALL"],
  refreshToken: "1000.r",
  grantToken: "1000.g",
  redirectUri: null,
};
const inspections: SeedModule = {
  apiName: "Inspections",
  singularLabel: "Inspection",
  pluralLabel: "Inspections",
  fields: [
    {
      apiName: "Score",
      label: "Score",
      dataType: "integer",
      length: 9,
      isMandatory: false,
      pickListValues: [],
      lookupModule: null,
    },
  ],
};
const accounts = (...names: string[]): SeedOrg["records"] => [{ module: "Accounts", items: names.map((name) => ({ Account_Name: name })) }];

async function namesOf(app: InThread, module: string, field: string): Promise<readonly unknown[]> {
  const page = await app.run("records.list", {
    caller: app.caller,
    module,
    fields: [field],
    ids: null,
    sortBy: "id",
    sortOrder: "asc",
    page: { page: 1, perPage: 100 },
  });
  assert.ok(page.ok, JSON.stringify(page));
  return page.value.rows.map((row): unknown => Reflect.get(Object(row), field));
}

test("a seed applied twice makes everything once; one that grew makes what is new", async () => {
  const seed = { orgs: [{ ...acme, clients: [client], modules: [inspections], records: accounts("Initech", "Initech") }] };
  await using app = await InThread.open(seed);
  const again = await app.run("seed.apply", { seed });
  assert.deepEqual(again, { ok: true, value: { orgs: ["554023000"], isApplied: false } });
  const grown = { orgs: [{ ...acme, clients: [client], modules: [inspections], records: accounts("Initech", "Globex", "Initech") }] };
  assert.deepEqual(await app.run("seed.apply", { seed: grown }), { ok: true, value: { orgs: ["554023000"], isApplied: true } });
  assert.deepEqual(await namesOf(app, "Accounts", "Account_Name"), ["Initech", "Initech", "Globex"]);
});

test("a custom module has its fields and can be watched", async () => {
  await using app = await InThread.open({
    orgs: [{ ...acme, modules: [inspections], records: [{ module: "Inspections", items: [{ Name: "Roof", Score: 7 }] }] }],
  });
  assert.deepEqual(await namesOf(app, "Inspections", "Score"), [7]);
  await app.subscribe("1", ["Inspections.all"]);
  await app.write("Inspections", "insert", { Name: "Cellar" });
  assert.deepEqual(
    (await app.claims()).map((claim) => claim.module),
    ["Inspections"],
  );
});

test("a record that cannot be made undoes the whole seed, and the reason names its path", async () => {
  await using app = await InThread.open({ orgs: [] });
  const records = [...accounts("Initech"), { module: "Inspections", items: [{ Name: "Roof", Score: "high" }] }];
  const refused = await app.run("seed.apply", { seed: { orgs: [{ ...acme, modules: [inspections], records }] } });
  assert.deepEqual(refused, { ok: false, error: "$.records.Inspections[0].Score: is not valid, expected integer" });
  assert.deepEqual(await app.run("operate.channels", { afterKey: null, limit: 1 }), { channels: [], nextKey: null });
  const applied = await app.run("seed.apply", { seed: { orgs: [{ ...acme, records: accounts("Initech") }] } });
  assert.ok(applied.ok && applied.value.isApplied, "nothing of the refused seed stayed");
});

test("a module that is not there, a client of another org and a token of another client are refused by path", async () => {
  await using app = await InThread.open({ orgs: [{ ...acme, clients: [client] }] });
  const other: SeedOrg = { ...acme, path: "$.orgs[1]", zgid: "7", clients: [client] };
  const cases: [SeedOrg, RegExp][] = [
    [{ ...acme, records: [{ module: "Nowhere", items: [{}] }] }, /^\$\.records\.Nowhere: there is no such module/],
    [other, /^\$\.orgs\[1\]\.clients\[0\]\.client_id: another org/],
    [{ ...acme, clients: [{ ...client, clientId: "1000.B", grantToken: null }] }, /^\$\.clients\[0\]\.refresh_token: another client/],
    [{ ...acme, clients: [{ ...client, clientId: "1000.B", refreshToken: null }] }, /^\$\.clients\[0\]\.grant_token: another client/],
  ];
  for (const [org, reason] of cases) {
    const refused = await app.run("seed.apply", { seed: { orgs: [org] } });
    assert.ok(!refused.ok);
    assert.match(refused.error, reason);
  }
});
