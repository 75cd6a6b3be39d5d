import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { defaultScopes, defaultUser, parseSeed } from "./seed-parser.ts";

const org = { name: "Acme", zgid: "554023000", time_zone: "Asia/Kolkata", currency: "USD" };
const user = { email: "owner@acme.example", first_name: "Ada", last_name: "Owner" };
const client = { client_id: "1000.X", client_secret: "secret", user_email: user.email, refresh_token: "1000.r", grant_token: "1000.g" };

function seedOf(document: unknown) {
  const seed = parseSeed(document);
  assert.ok(seed.ok, seed.ok ? "" : seed.error);
  return seed.value;
}

function faultOf(document: unknown): string {
  const seed = parseSeed(document);
  assert.ok(!seed.ok, "expected a fault");
  return seed.error;
}

test("one org is the document itself", () => {
  const document = {
    org,
    users: [user],
    clients: [{ ...client, scope: "ZohoCRM.modules.ALL,ZohoCRM.users.READ" }],
    modules: [
      {
        api_name: "Inspections",
        singular_label: "Inspection",
        plural_label: "Inspections",
        fields: [{ api_name: "Score", data_type: "integer", length: 9 }],
      },
    ],
    records: { Accounts: [{ Account_Name: "Initech" }] },
  };
  const field = {
    apiName: "Score",
    label: "Score",
    dataType: "integer",
    length: 9,
    isMandatory: false,
    pickListValues: [],
    lookupModule: null,
  };
  assert.deepEqual(seedOf(document), {
    orgs: [
      {
        path: "$",
        name: "Acme",
        zgid: "554023000",
        timeZone: "Asia/Kolkata",
        currency: "USD",
        users: [{ email: user.email, firstName: "Ada", lastName: "Owner", password: null }],
        clients: [
          {
            clientId: "1000.X",
            clientSecret: "secret",
            name: null,
            userEmail: user.email,
            acts: "alone",
            scopes: ["ZohoCRM.modules.ALL", "ZohoCRM.users.READ"],
            refreshToken: "1000.r",
            grantToken: "1000.g",
            redirectUri: null,
          },
        ],
        modules: [{ apiName: "Inspections", singularLabel: "Inspection", pluralLabel: "Inspections", fields: [field] }],
        records: [{ module: "Accounts", items: [{ Account_Name: "Initech" }] }],
      },
    ],
  });
});

test("a field that is unique says so, and one that is not says nothing", () => {
  const fields = [
    { api_name: "Badge", data_type: "text", unique: true },
    { api_name: "Note", data_type: "text", unique: false },
  ];
  const [org] = seedOf({ org: { name: "Acme", zgid: "554023000" }, modules: [{ api_name: "Leads", fields }] }).orgs;
  assert.deepEqual(
    org?.modules[0]?.fields.map((field) => "isUnique" in field && field.isUnique),
    [true, false],
  );
});

test("a client with a redirect_uri and no user acts only for users who agree", () => {
  const redirect_uri = "https://app.example/callback?x=1";
  const [read] = seedOf({
    org,
    users: [{ ...user, password: "correct horse" }],
    clients: [
      { client_id: "web", client_secret: "s", client_name: "Web", redirect_uri },
      { client_id: "both", client_secret: "s", redirect_uri: "com.app:/callback", user_email: user.email },
      { client_id: "own", client_secret: "s" },
    ],
  }).orgs;
  assert.equal(read?.users[0]?.password, "correct horse");
  assert.deepEqual(
    read?.clients.map(({ name, acts, redirectUri }) => [name, acts, redirectUri]),
    [
      ["Web", "with_consent", redirect_uri],
      [null, "alone", "com.app:/callback"],
      [null, "alone", null],
    ],
  );
});

for (const redirect_uri of ["/callback", "javascript:alert(1)", "data:text/html,x", "https://app.example/#part"]) {
  test(`${redirect_uri} is no address to lead back to`, () => {
    assert.match(
      faultOf({ org, clients: [{ ...client, user_email: undefined, redirect_uri }] }),
      /^\$\.clients\[0\]\.redirect_uri: expected a URL/,
    );
  });
}

test("several orgs are a list, each with its own path", () => {
  const seed = seedOf({ orgs: [{ org }, { org: { ...org, zgid: "4150868000" } }] });
  assert.deepEqual(
    seed.orgs.map(({ path, zgid }) => [path, zgid]),
    [
      ["$.orgs[0]", "554023000"],
      ["$.orgs[1]", "4150868000"],
    ],
  );
});

test("what is not said has a default: UTC, USD, an owner, every scope", () => {
  const [read] = seedOf({ org: { name: "Acme", zgid: "1" }, clients: [{ client_id: "c", client_secret: "s" }] }).orgs;
  assert.equal(read?.timeZone, "UTC");
  assert.equal(read?.currency, "USD");
  assert.deepEqual(read?.users, [defaultUser]);
  assert.equal(read?.clients[0]?.userEmail, defaultUser.email);
  assert.deepEqual(read?.clients[0]?.scopes, defaultScopes);
  assert.equal(read?.clients[0]?.refreshToken, null);
});

test("a client without an e-mail address acts for the first user, and one is found whatever its case", () => {
  const [read] = seedOf({
    org,
    users: [user, { email: "second@acme.example", last_name: "Second" }],
    clients: [
      { client_id: "a", client_secret: "s" },
      { client_id: "b", client_secret: "s", user_email: "SECOND@acme.example" },
    ],
  }).orgs;
  assert.deepEqual(
    read?.clients.map(({ userEmail }) => userEmail),
    [user.email, "second@acme.example"],
  );
});

describe("a fault is told with its JSON path", () => {
  const second = { ...client, refresh_token: "1000.r2", grant_token: "1000.g2" };
  const field = { api_name: "Score", data_type: "integer" };
  const rows: readonly (readonly [title: string, document: unknown, fault: RegExp])[] = [
    ["no object", [], /^\$: expected an object, came a list$/],
    ["no org", {}, /^\$\.org: expected an object, came nothing$/],
    ["an unknown key", { org, user: [] }, /^\$\.user: unknown key; the keys here are org, users/],
    ["an unknown key beside orgs", { orgs: [], org }, /^\$\.org: unknown key/],
    ["an unknown key that is no name", { org, "my users": [] }, /^\$\["my users"\]: unknown key/],
    ["orgs that are no list", { orgs: {} }, /^\$\.orgs: expected a list, came an object$/],
    ["a wrong type", { org: { ...org, name: 7 } }, /^\$\.org\.name: expected a text, came a number$/],
    ["an empty text", { org: { ...org, name: " " } }, /^\$\.org\.name: expected a text, came an empty one$/],
    ["a text that is too long", { org: { ...org, name: "x".repeat(256) } }, /^\$\.org\.name: expected at most 255 characters, came 256$/],
    ["a zgid that is none", { org: { ...org, zgid: "0554" } }, /^\$\.org\.zgid: expected 1 to 10 digits/],
    ["a zgid that is a number", { org: { ...org, zgid: 554023000 } }, /^\$\.org\.zgid: expected a text, came a number$/],
    ["one zgid twice", { orgs: [{ org }, { org }] }, /^\$\.orgs\[1\]\.org\.zgid: given twice; it is also at \$\.orgs\[0\]\.org\.zgid$/],
    ["an unknown time zone", { org: { ...org, time_zone: "Asia/Atlantis" } }, /^\$\.org\.time_zone: expected an IANA name/],
    ["an offset as time zone", { org: { ...org, time_zone: "+05:30" } }, /^\$\.org\.time_zone: expected an IANA name/],
    ["an unknown currency", { org: { ...org, currency: "usd" } }, /^\$\.org\.currency: expected an ISO 4217 code/],
    ["a user without last name", { org, users: [{ email: user.email }] }, /^\$\.users\[0\]\.last_name: expected a text, came nothing$/],
    ["an e-mail address that is none", { org, users: [{ ...user, email: "ada" }] }, /^\$\.users\[0\]\.email: expected an e-mail/],
    ["one e-mail address twice", { org, users: [user, { ...user, email: "OWNER@acme.example" }] }, /^\$\.users\[1\]\.email: given twice/],
    ["two clients with one id", { org, users: [user], clients: [client, second] }, /^\$\.clients\[1\]\.client_id: given twice/],
    [
      "two clients with one id in two orgs",
      {
        orgs: [
          { org, users: [user], clients: [client] },
          { org: { ...org, zgid: "2" }, users: [user], clients: [second] },
        ],
      },
      /^\$\.orgs\[1\]\.clients\[0\]\.client_id: given twice; it is also at \$\.orgs\[0\]\.clients\[0\]\.client_id$/,
    ],
    [
      "two clients with one refresh token",
      { org, users: [user], clients: [client, { ...client, client_id: "d" }] },
      /refresh_token: given twice/,
    ],
    ["a client of nobody", { org, clients: [client] }, /^\$\.clients\[0\]\.user_email: no user of this org has the e-mail address "owner@/],
    ["a scope that is none", { org, clients: [{ ...client, user_email: null, scope: "all of it" }] }, /^\$\.clients\[0\]\.scope: expected/],
    [
      "a redirect that is no URL",
      { org, clients: [{ ...client, user_email: null, redirect_uri: "/" }] },
      /^\$\.clients\[0\]\.redirect_uri/,
    ],
    ["a module without name", { org, modules: [{}] }, /^\$\.modules\[0\]\.api_name: expected a text, came nothing$/],
    ["a module name with a blank", { org, modules: [{ api_name: "My Module" }] }, /^\$\.modules\[0\]\.api_name: expected a letter/],
    ["one module twice", { org, modules: [{ api_name: "A" }, { api_name: "a" }] }, /^\$\.modules\[1\]\.api_name: given twice/],
    ["an unknown data type", fields({ ...field, data_type: "number" }), /^\$\.modules\[0\]\.fields\[0\]\.data_type: expected one of text,/],
    ["one field twice", fields(field, field), /^\$\.modules\[0\]\.fields\[1\]\.api_name: given twice/],
    [
      "a length that is none",
      fields({ ...field, length: 1.5 }),
      /^\$\.modules\[0\]\.fields\[0\]\.length: expected a whole number from 1 to/,
    ],
    [
      "a mandatory that is a text",
      fields({ ...field, mandatory: "yes" }),
      /^\$\.modules\[0\]\.fields\[0\]\.mandatory: expected true or false/,
    ],
    [
      "a lookup to nothing",
      fields({ api_name: "To", data_type: "lookup" }),
      /^\$\.modules\[0\]\.fields\[0\]\.lookup_module: expected with/,
    ],
    [
      "a value of a list that is a number",
      fields({ ...field, data_type: "picklist", pick_list_values: ["a", 1] }),
      /pick_list_values\[1\]: /,
    ],
    ["records that are a list", { org, records: [] }, /^\$\.records: expected an object, came a list$/],
    ["records of a module that are no list", { org, records: { Deals: {} } }, /^\$\.records\.Deals: expected a list of records$/],
    ["a record that is a text", { org, records: { Deals: [{}, "x"] } }, /^\$\.records\.Deals\[1\]: expected a record/],
  ];
  for (const [title, document, fault] of rows) test(title, () => assert.match(faultOf(document), fault));

  function fields(...given: readonly unknown[]): unknown {
    return { org, modules: [{ api_name: "Inspections", fields: given }] };
  }
});

test("the fault found first, from the top down, is the one told", () => {
  assert.match(faultOf({ org: { ...org, zgid: "x", currency: "x" } }), /^\$\.org\.zgid/);
});

test("a secret is never repeated in a fault", () => {
  const fault = faultOf({ org, clients: [{ client_id: "1000.X", client_secret: ["hush-hush"], user_email: null }] });
  assert.equal(fault, "$.clients[0].client_secret: expected a text, came a list");
});

test("any JSON is read without throwing, and a fault always begins with a path", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (document) => {
      const seed = parseSeed(document);
      assert.ok(!seed.ok && seed.error.startsWith("$"));
    }),
  );
});

test("whatever stands in the place of one part of a good seed, reading it gives a seed or a fault and never throws", () => {
  const good: Readonly<Record<string, unknown>> = {
    org,
    users: [user],
    clients: [client],
    modules: [{ api_name: "A" }],
    records: { Deals: [{}] },
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), (key, value) => {
      const seed = parseSeed({ ...good, [key]: value });
      assert.ok(seed.ok || seed.error.startsWith("$"));
    }),
  );
});

test("an org may say where it is told of its channels; what no POST can go to is a fault", () => {
  const url = "https://ops.example/hook";
  assert.equal(seedOf({ org: { ...org, lifecycle_url: url } }).orgs[0]?.lifecycleUrl, url);
  assert.ok(!Object.hasOwn(seedOf({ org }).orgs[0] ?? {}, "lifecycleUrl"));
  for (const wrong of ["ops.example", "ftp://ops.example/", "https://me:pass@ops.example/", "", 5, `${url}/${"a".repeat(255)}`]) {
    assert.match(faultOf({ org: { ...org, lifecycle_url: wrong } }), /^\$\.org\.lifecycle_url: /, String(wrong).slice(0, 40));
  }
});
