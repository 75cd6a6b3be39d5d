/** The OpenAPI document as a judge of requests and answers: finds the operation that a request is, and validates what it says of it. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createApiDocument } from "../../src/http/api-document.ts";
import { routes } from "../../src/http/route-table.ts";
import { at } from "./json.ts";

export type Exchange = { readonly method: string; readonly path: string };
/** `body` undefined: an answer without one. */
export type Answered = { readonly status: number; readonly body: unknown };

const name = "api";
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The document of this checkout's routes, for a server at a made-up address. */
export function documentOfRoutes(): unknown {
  return JSON.parse(createApiDocument(routes, { baseUrl: () => "http://127.0.0.1:8585", version: "0.0.0-test" })().text);
}

export class ApiDocument {
  readonly document: unknown;
  readonly #ajv: Ajv2020;
  readonly #paths: readonly { readonly template: string; readonly form: RegExp }[];

  constructor(document: unknown = documentOfRoutes()) {
    this.document = document;
    this.#ajv = new Ajv2020({ allErrors: false, allowUnionTypes: true, formats: { "date-time": instant, uri: /^https?:\/\/\S+$/ } });
    this.#ajv.addVocabulary(["x-versions"]);
    assert.ok(typeof document === "object" && document !== null);
    this.#ajv.addSchema(document, name);
    this.#paths = Object.keys(at(document, "paths") ?? {})
      .toSorted(byLiterals)
      .map((template) => ({ template, form: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`) }));
  }

  /** The path of the document that the request is for; null when it is for none. */
  templateOf({ path }: Exchange): string | null {
    const [plain = ""] = path.split("?", 1);
    return this.#paths.find(({ form }) => form.test(plain))?.template ?? null;
  }

  /** `["paths", "/users", "get"]`, or null when the document has no such operation. */
  operationOf(exchange: Exchange): readonly string[] | null {
    const template = this.templateOf(exchange);
    const method = exchange.method === "HEAD" ? "get" : exchange.method.toLowerCase();
    if (template === null || !Object.hasOwn(Object(at(this.document, "paths", template)), method)) return null;
    return ["paths", template, method];
  }

  /** Fails unless the document says that the request may be answered so. */
  assertAnswer(exchange: Exchange, { status, body }: Answered): void {
    const what = `${exchange.method} ${exchange.path} answered with ${status}`;
    const operation = this.operationOf(exchange);
    if (operation === null) {
      // A method that the path does not take, or a path that is none.
      const fault = this.faultOf(exchange.path.startsWith("/crm/") ? "Refusal" : "OwnError", body);
      assert.equal(fault, null, `${what}, outside of the document: ${fault ?? ""}`);
      return;
    }
    const responses = at(this.document, ...operation, "responses");
    assert.ok(Object.hasOwn(Object(responses), status), `${what}, which the document does not know`);
    const response = this.#follow([...operation, "responses", String(status)]);
    const content = Object(at(this.document, ...response)).content as unknown;
    if (body === undefined || body === null) {
      assert.equal(content, undefined, `${what} without a body`);
      return;
    }
    const fault = this.#faultAt([...response, "content", "application/json", "schema"], body);
    assert.equal(fault, null, `${what}: ${fault ?? ""}`);
  }

  /** Fails unless the document takes the body. */
  assertRequest(exchange: Exchange, body: unknown): void {
    const operation = this.operationOf(exchange);
    assert.ok(operation !== null, `${exchange.method} ${exchange.path} is not in the document`);
    const fault = this.#faultAt([...operation, "requestBody", "content", "application/json", "schema"], body);
    assert.equal(fault, null, `the body of ${exchange.method} ${exchange.path}: ${fault ?? ""}`);
  }

  /** What is wrong with the value as one of the component schemas; null: nothing. */
  faultOf(schema: string, value: unknown): string | null {
    return this.#faultAt(["components", "schemas", schema], value);
  }

  /** Compiles every schema of the document, which fails for a reference that leads nowhere and a keyword that is none. */
  compileAll(): number {
    let count = 0;
    const visit = (value: unknown, path: readonly string[]): void => {
      if (typeof value !== "object" || value === null) return;
      if (path.at(-1) === "schema" || (path.length === 3 && path[1] === "schemas")) {
        this.#validatorAt(path);
        count += 1;
      } else {
        for (const [key, below] of Object.entries(value)) visit(below, [...path, key]);
      }
    };
    visit(this.document, []);
    return count;
  }

  #follow(path: readonly string[]): readonly string[] {
    const target: unknown = Object(at(this.document, ...path)).$ref;
    return typeof target === "string" ? target.split("/").slice(1) : path;
  }

  #faultAt(path: readonly string[], value: unknown): string | null {
    const validate = this.#validatorAt(path);
    return validate(value) ? null : this.#ajv.errorsText(validate.errors, { dataVar: "" });
  }

  #validatorAt(path: readonly string[]) {
    const pointer = path.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const validate = this.#ajv.getSchema(`${name}#/${pointer}`);
    assert.ok(validate !== undefined, `no schema at ${path.join(" ")}`);
    return validate;
  }
}

/** As the router chooses: a part that stands as it is before one that is named. */
function byLiterals(one: string, other: string): number {
  const [left, right] = [one.split("/"), other.split("/")];
  for (const [index, part] of left.entries()) {
    const [isNamed, isOtherNamed] = [part.startsWith("{"), right[index]?.startsWith("{") ?? false];
    if (isNamed !== isOtherNamed) return isNamed ? 1 : -1;
  }
  return 0;
}
