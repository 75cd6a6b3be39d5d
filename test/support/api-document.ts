/** The OpenAPI document as a judge of requests and answers: finds the operation that a request is, and validates what it says of it. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { createApiDocument } from "../../src/http/api-document.ts";
import { routes } from "../../src/http/route-table.ts";

export type Exchange = { readonly method: string; readonly path: string };
/** `body` null or undefined: an answer without one. */
export type Answered = { readonly status: number; readonly body: unknown };
/** Keys and indices that lead to a place in the document. */
type Place = readonly (string | number)[];

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const componentPrefix = "#/components/schemas/";

const { text: textOfCheckout } = await createApiDocument(routes, { baseUrl: () => "http://127.0.0.1:8585", version: "0.0.0-test" })();

export class ApiDocument {
  readonly #document: unknown;
  readonly #ajv: Ajv2020;
  /** By the text of the schema, for many are alike. */
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #paths: readonly { readonly template: string; readonly form: RegExp }[];

  /** Of this checkout's routes, for a server at a made-up address, when no text is given. */
  constructor(text = textOfCheckout) {
    this.#document = JSON.parse(text);
    this.#ajv = new Ajv2020({ allowUnionTypes: true, inlineRefs: false, formats: { "date-time": instant, uri: /^https?:\/\/\S+$/ } });
    this.#ajv.addVocabulary(["x-versions"]);
    for (const name of this.keysAt("components", "schemas")) this.#ajv.addSchema(this.#schemaAt(["components", "schemas", name]), name);
    this.#paths = this.keysAt("paths")
      .toSorted(byLiterals)
      .map((template) => ({ template, form: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`) }));
  }

  /** The value at the place; undefined when there is none. */
  at(...place: Place): unknown {
    let current = this.#document;
    for (const step of place) current = typeof current === "object" && current !== null ? Reflect.get(current, step) : undefined;
    return current;
  }

  keysAt(...place: Place): readonly string[] {
    return Object.keys(Object(this.at(...place)));
  }

  listAt(...place: Place): readonly unknown[] {
    const found = this.at(...place);
    assert.ok(Array.isArray(found), `there is no list at ${place.join(" ")}`);
    return found;
  }

  /** `["paths", "/users", "get"]`, or null when the document has no such operation. */
  operationOf({ method, path }: Exchange): Place | null {
    const [plain = ""] = path.split("?", 1);
    const template = this.#paths.find(({ form }) => form.test(plain))?.template;
    if (template === undefined) return null;
    const place = ["paths", template, method === "HEAD" ? "get" : method.toLowerCase()];
    return this.at(...place) === undefined ? null : place;
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
    const response = this.#follow([...operation, "responses", String(status)]);
    assert.ok(this.at(...response) !== undefined, `${what}, which the document does not know`);
    const isEmpty = body === undefined || body === null;
    const isEmptyBySchema = this.at(...response, "content") === undefined;
    assert.equal(isEmpty, isEmptyBySchema, `${what} ${isEmpty ? "without" : "with"} a body`);
    const fault = isEmpty ? null : this.#faultAt([...response, "content", "application/json", "schema"], body);
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

  /**
   * Compiles every schema, which fails for a reference that leads nowhere and a keyword that is none, and gives the number of them; follows
   * every other reference.
   */
  compileAll(): number {
    let count = 0;
    const visit = (value: unknown, place: Place): void => {
      if (typeof value !== "object" || value === null) return;
      if (place.at(-1) === "schema" || (place.length === 3 && place[1] === "schemas")) {
        this.#validatorAt(place);
        count += 1;
        return;
      }
      assert.notEqual(this.at(...this.#follow(place)), undefined, place.join(" "));
      for (const [key, below] of Object.entries(value)) visit(below, [...place, key]);
    };
    visit(this.#document, []);
    return count;
  }

  #follow(place: Place): Place {
    const target = this.at(...place, "$ref");
    return typeof target === "string" ? target.split("/").slice(1) : place;
  }

  #faultAt(place: Place, value: unknown): string | null {
    const validate = this.#validatorAt(place);
    return validate(value) ? null : this.#ajv.errorsText(validate.errors, { dataVar: "" });
  }

  #validatorAt(place: Place): ValidateFunction {
    const schema = this.#schemaAt(place);
    const text = JSON.stringify(schema);
    const known = this.#validators.get(text);
    if (known !== undefined) return known;
    const made = this.#ajv.compile(schema);
    this.#validators.set(text, made);
    return made;
  }

  /** The schema as one for itself: components go by their bare names. */
  #schemaAt(place: Place): object {
    const found = this.at(...place);
    assert.ok(typeof found === "object" && found !== null, `there is no schema at ${place.join(" ")}`);
    return JSON.parse(JSON.stringify(found).replaceAll(componentPrefix, ""));
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
