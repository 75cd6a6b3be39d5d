/** One HTTP exchange as the demo shows it, and the few readings of JSON that its steps need. */

export type Exchange = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** null: none. */
  readonly requestBody: unknown;
  readonly status: number;
  /** null: none. */
  readonly responseBody: unknown;
};

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
};

const requestMs = 10_000;

/** Sends the request to `baseUrl`, with an Authorization header unless it is null. */
export async function exchange(baseUrl: string, authorization: string | null, request: Request): Promise<Exchange> {
  const { method, path, body, form } = request;
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(authorization === null ? {} : { Authorization: authorization }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    signal: AbortSignal.timeout(requestMs),
  });
  const text = await response.text();
  const responseBody: unknown = text === "" ? null : JSON.parse(text);
  return { method, path, requestBody: body ?? form ?? null, status: response.status, responseBody };
}

/** Fails the step unless `isSo`. */
export function expect(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(`expected ${what}`);
}

/** Fails the step unless the answer has this status. */
export function expectStatus({ method, path, status, responseBody }: Exchange, wanted: number): void {
  expect(status === wanted, `${method} ${path} to answer ${String(wanted)}, came ${String(status)} ${JSON.stringify(responseBody)}`);
}

/** The member at `keys`, or undefined. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((node, key) => {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    return (node as Readonly<Record<string | number, unknown>>)[key];
  }, value);
}

/** The text at `keys`; fails the step when there is none. */
export function textAt(value: unknown, ...keys: readonly (string | number)[]): string {
  const found = at(value, ...keys);
  expect(typeof found === "string", `a text at ${keys.join(".")}, came ${JSON.stringify(found)}`);
  return found;
}

/** The list at `keys`; fails the step when there is none. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  expect(Array.isArray(found), `a list at ${keys.join(".")}, came ${JSON.stringify(found)}`);
  return found;
}
