import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import type { Org, User } from "../core/org.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { Json } from "./json.ts";
import { isObject } from "./lossless-json.ts";
import { filterOf, readUserItem, readUserItems, renderUser, userAnswer } from "./user.ts";
import { versions } from "./versions.ts";

const ada = { email: "ada@acme.example", last_name: "Owner" };
const insert = { index: 0, operation: "insert" } as const;
const update = { index: 0, operation: "update" } as const;

const org: Org = { key: 1, zgid: "554023000", name: "Acme", timeZone: "Asia/Kolkata", currency: "USD", createdAt: 0 };
const user: User = {
  id: "554023000050000001",
  email: "ada@acme.example",
  firstName: "Ada",
  lastName: "Owner",
  status: "active",
  more: { phone: "+91 44 1", city: null },
  createdAt: Date.UTC(2026, 0, 1),
  createdBy: null,
  modifiedAt: Date.UTC(2026, 0, 2),
  modifiedBy: "554023000050000002",
};
const userOf = (id: string) => ({ id, name: `user ${id.slice(-1)}` });

test("the items of a body are those of users", () => {
  assert.deepEqual(readUserItems({ users: [ada] }), ok([ada]));
});

test("a body without a list of users is refused", () => {
  assert.deepEqual(readUserItems([]), refuse({ code: "body_malformed" }));
  for (const body of [{}, { users: null }, { users: [] }]) {
    assert.deepEqual(readUserItems(body), refuse({ code: "mandatory_missing", path: ["users"] }));
  }
  assert.deepEqual(readUserItems({ users: {} }), refuse({ code: "value_invalid", path: ["users"], expectedType: "jsonarray" }));
});

test("one request writes one user", () => {
  const error = { code: "too_many_items", path: ["users"], limit: limits.usersPerWriteMax } as const;
  assert.deepEqual(readUserItems({ users: [ada, ada] }), refuse(error));
});

test("a new user is its address, its names and the further texts that are known", () => {
  const item = { ...ada, first_name: "Ada", phone: "+91 44 1", city: "", role: { id: "1" }, profile: "1", hobby: "chess" };
  assert.deepEqual(
    readUserItem(item, insert),
    ok({
      operation: "insert",
      email: "ada@acme.example",
      firstName: "Ada",
      lastName: "Owner",
      status: "active",
      more: { phone: "+91 44 1", city: null },
    }),
  );
});

test("an update says only what it changes", () => {
  assert.deepEqual(
    readUserItem({ id: "554023000050000001", status: "inactive", first_name: null }, update),
    ok({
      operation: "update",
      id: "554023000050000001",
      email: undefined,
      firstName: null,
      lastName: undefined,
      status: "inactive",
      more: {},
    }),
  );
});

test("an update without an id leaves the naming to the path", () => {
  const order = readUserItem({ phone: "1" }, update);
  assert.equal(order.ok && order.value.operation === "update" && order.value.id, null);
});

const refused: readonly [title: string, item: unknown, operation: "insert" | "update", refusal: object][] = [
  ["an item that is no object", "ada", "insert", { code: "value_invalid", path: ["users", 0], expectedType: "jsonobject" }],
  ["a new user without an address", { last_name: 1 }, "insert", { code: "mandatory_missing", path: ["users", 0, "email"] }],
  ["a new user without a last name", { email: 1 }, "insert", { code: "mandatory_missing", path: ["users", 0, "last_name"] }],
  ["an update that empties the last name", { last_name: "" }, "update", { code: "mandatory_missing", path: ["users", 0, "last_name"] }],
  [
    "an address of another form",
    { ...ada, email: "ada" },
    "insert",
    { code: "value_invalid", path: ["users", 0, "email"], expectedType: "email" },
  ],
  ["a text that is a number", { ...ada, phone: 1 }, "insert", { code: "value_invalid", path: ["users", 0, "phone"], expectedType: "text" }],
  [
    "a text that is too long",
    { ...ada, city: "x".repeat(256) },
    "insert",
    { code: "value_invalid", path: ["users", 0, "city"], maximumLength: 255 },
  ],
  [
    "a status that only the server gives",
    { status: "deleted" },
    "update",
    { code: "value_invalid", path: ["users", 0, "status"], supportedValues: ["active", "inactive"] },
  ],
  ["an id of another form", { id: "x" }, "update", { code: "value_invalid", path: ["users", 0, "id"], expectedType: "bigint" }],
];

for (const [title, item, operation, refusal] of refused) {
  test(`${title} is refused`, () => {
    assert.deepEqual(readUserItem(item, { index: 0, operation }), { ok: false, error: refusal });
  });
}

test("a user is printed with its names, its org's zone and the one role and profile", () => {
  const rendered = membersOf(renderUser(user, { org, userOf }));
  assert.equal(rendered["id"], "554023000050000001");
  assert.equal(rendered["full_name"], "Ada Owner");
  assert.equal(rendered["status"], "active");
  assert.equal(rendered["time_zone"], "Asia/Kolkata");
  assert.equal(rendered["phone"], "+91 44 1");
  assert.equal(rendered["city"], null);
  assert.deepEqual(rendered["role"], { name: "CEO", id: "554023000000000102" });
  assert.deepEqual(rendered["profile"], { name: "Administrator", id: "554023000000000103" });
  assert.equal(rendered["created_time"], "2026-01-01T05:30:00+05:30");
  assert.deepEqual(rendered["Modified_By"], { name: "user 2", id: "554023000050000002" });
});

test("a user that the seed made prints as its own maker", () => {
  assert.deepEqual(membersOf(renderUser(user, { org, userOf }))["created_by"], { name: "user 1", id: "554023000050000001" });
});

test("a maker who is not known prints without a name", () => {
  assert.deepEqual(membersOf(renderUser(user, { org, userOf: () => null }))["Modified_By"], { name: null, id: "554023000050000002" });
});

const messages = { insert: "User added", update: "User updated", delete: "User deleted" } as const;

for (const operation of ["insert", "update", "delete"] as const) {
  test(`a user ${operation} is answered with "${messages[operation]}"`, () => {
    const { status, body } = userAnswer([ok({ id: "7" })], operation, versions.v6);
    assert.equal(status, operation === "insert" ? 201 : 200);
    assert.deepEqual(body, { users: [{ code: "SUCCESS", details: { id: "7" }, message: messages[operation], status: "success" }] });
  });
}

test("a user that is refused is answered with the version's status", () => {
  const refusal: Refusal = { code: "mandatory_missing", path: ["users", 0, "email"] };
  const { status, body } = userAnswer([refuse(refusal)], "insert", versions.v6);
  assert.equal(status, 400);
  assert.deepEqual(body, {
    users: [
      {
        code: "MANDATORY_NOT_FOUND",
        details: { api_name: "email", json_path: "$.users[0].email" },
        message: "required field not found",
        status: "error",
      },
    ],
  });
});

test("a type of users says which statuses it takes", () => {
  assert.deepEqual(filterOf("AllUsers"), ["active", "inactive"]);
  assert.deepEqual(filterOf("ActiveUsers"), ["active"]);
  assert.deepEqual(filterOf("DeactiveUsers"), ["inactive"]);
  assert.deepEqual(filterOf("DeletedUsers"), ["deleted"]);
  assert.deepEqual(filterOf("NotConfirmedUsers"), []);
  for (const type of ["", "activeusers", "constructor"]) assert.equal(filterOf(type), null);
});

/** The object's members, to look at one by one. */
function membersOf(json: Json): { readonly [key: string]: unknown } {
  assert.ok(isObject(json));
  return json;
}
