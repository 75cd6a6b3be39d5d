/** The OpenAPI document against what it is made from and against every vector: nothing is missing from it, and nothing else is in it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { routes } from "../../src/http/route-table.ts";
import { refusalCodes, renderRefusal } from "../../src/wire/error-codes.ts";
import { versionNames, versions } from "../../src/wire/versions.ts";
import { parityFaults, tableRows } from "../../tools/laws.ts";
import { isTest, readSource, readSources } from "../../tools/repository.ts";
import { ApiDocument } from "../support/api-document.ts";
import { at, listAt } from "../support/json.ts";
import { filled, loadVectors } from "../support/vectors.ts";
import type { Vector } from "../support/vectors.ts";

const api = new ApiDocument();
const methods = ["get", "post", "put", "patch", "delete"];

type Operation = { readonly method: string; readonly path: string; readonly operation: unknown };

function operations(): readonly Operation[] {
  return api.keysAt("paths").flatMap((path) =>
    api
      .keysAt("paths", path)
      .filter((key) => methods.includes(key))
      .map((method) => ({ method: method.toUpperCase(), path, operation: api.at("paths", path, method) })),
  );
}

describe("the tables", () => {
  test("every route and method is in the document, and nothing else", () => {
    const answered = routes.flatMap((route) =>
      Object.keys(route.methods).map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, "{$1}").replace("*", "{path}")}`),
    );
    const documented = operations().map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(parityFaults({ name: "the route table", entries: answered }, { name: "the document", entries: documented }), []);
  });

  test("every operation has a name of its own, a summary and a known tag", () => {
    const names = operations().map(({ operation }) => at(operation, "operationId"));
    assert.equal(new Set(names).size, names.length);
    const tags = api.listAt("tags").map((tag) => at(tag, "name"));
    for (const { operation } of operations()) {
      assert.notEqual(at(operation, "summary"), "");
      assert.ok(listAt(operation, "tags").every((tag) => tags.includes(tag)));
    }
  });

  test("every refusal is in the document, by its code and as an example of its status", () => {
    const codes = api.listAt("components", "schemas", "ErrorCode", "enum");
    for (const refusal of refusalCodes) {
      const { body, httpStatus } = renderRefusal({ code: refusal }, versions.v8);
      assert.ok(codes.includes(body.code), body.code);
      const example = api.at("components", "responses", `Refused${httpStatus}`, "content", "application/json", "examples", refusal);
      assert.equal(at(example, "value", "code"), body.code);
      assert.equal(api.faultOf("Refusal", at(example, "value")), null);
    }
    assert.equal(codes.length, new Set(refusalCodes.map((code) => renderRefusal({ code }, versions.v8).body.code)).size);
  });

  test("every code of our own errors is in the document, and no other", () => {
    const sources = readSources(".ts").filter(({ path }) => path.startsWith("src/http/") && !isTest(path));
    const said = sources.flatMap(({ text }) =>
      [...text.matchAll(/ownError\(\s*\d+,\s*\{\s*code: "(\w+)"/g)].map((match) => match[1] ?? ""),
    );
    const documented = api.listAt("components", "schemas", "OwnError", "properties", "error", "properties", "code", "enum");
    // A form that is coded names the refusal's code as it is.
    assert.deepEqual([...new Set([...said, "body_coded"])].toSorted(), documented.map(String).toSorted());
  });

  test("the version in the path is one of those that the server speaks", () => {
    const paths = api.keysAt("paths").filter((template) => template.startsWith("/crm/"));
    assert.ok(paths.length > 0);
    for (const path of paths) {
      assert.deepEqual(api.at("paths", path, "parameters", 0, "schema", "enum"), versionNames);
    }
  });

  test("the statuses and scopes that docs/wire.md names are those of the document", () => {
    const rows = tableRows(readSource("docs/wire.md"), "Methods");
    assert.ok(rows.length > 0);
    for (const [call = "", answers = "", scopes = ""] of rows) {
      const [method = "", path = ""] = call.split(" ");
      const below = path.startsWith("/oauth/") ? path : path.startsWith("/bulk/") ? `/crm${path}` : `/crm/{version}${path}`;
      const operation = api.at("paths", below, method.toLowerCase());
      for (const status of answers.split(", ")) assert.ok(keysOf(at(operation, "responses")).includes(status), `${call}: ${status}`);
      if (scopes === "none" || !Object.hasOwn(Object(operation), "x-scopes")) continue;
      const words = listAt(operation, "x-scopes").map((list) => String(at(list, 0)).split(".").at(-1));
      const told = [...scopes.matchAll(/\b(ALL|READ|WRITE|CREATE|UPDATE|DELETE)\b/g)].map((match) => match[1]);
      assert.deepEqual(new Set(words), new Set(told.slice(0, new Set(words).size)), call);
    }
  });

  test("every schema can be compiled: no reference leads nowhere, and no keyword is unknown", () => {
    assert.ok(api.compileAll() > 300);
  });
});

/** What a server would put for the names in the texts of vectors. */
const names = {
  access_token: "1000.access",
  client_id: "1000.client",
  client_secret: "secret",
  refresh_token: "1000.refresh",
  grant_token: "1000.grant",
  user_id: "554023000050000001",
  user_name: "Vector No0",
  user_email: "vector0@acme.example",
  receiver: "http://127.0.0.1:9000",
};

describe("vectors", () => {
  const vectors = loadVectors();

  test("the document knows the status of every answer", () => {
    assert.ok(vectors.length > 0);
    for (const { name, request, response } of vectors) {
      const operation = api.operationOf(request);
      if (operation === null) assert.ok(response.status === 400 || response.status === 404, name);
      else assert.ok(api.keysAt(...operation, "responses").includes(String(response.status)), `${name}: ${response.status}`);
    }
  });

  test("every answer that a vector shows in full is as the document says", () => {
    const whole = vectors.filter(
      ({ response }) => response.compare === undefined || response.compare === "value" || response.compare === "bytes",
    );
    assert.ok(whole.length > vectors.length / 2);
    for (const { name, request, response } of whole) {
      try {
        api.assertAnswer(request, { status: response.status, body: filled(response.body, names) });
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    }
  });

  test("every request that went well is one that the document takes", () => {
    let count = 0;
    for (const vector of vectors) {
      const steps = [...(vector.setup.before ?? []), ...(isGood(vector) ? [vector.request] : [])];
      for (const { method, path, body } of filled(steps, names)) {
        if (typeof body !== "object" || body === null) continue;
        api.assertRequest({ method, path }, body);
        count += 1;
      }
    }
    assert.ok(count > 100, `${count}`);
  });

  test("every callback is a notification as the document says", () => {
    const sent = vectors.flatMap(({ callback }) => (callback === undefined ? [] : [callback.body]));
    assert.ok(sent.length > 0);
    for (const body of sent) assert.equal(api.faultOf("Notification", filled(body, names)), null);
  });
});

function isGood({ response }: Vector): boolean {
  return response.status < 300 && !JSON.stringify(response.body).includes('"status":"error"');
}

function keysOf(value: unknown): readonly string[] {
  return Object.keys(Object(value));
}
