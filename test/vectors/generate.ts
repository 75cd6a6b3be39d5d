/**
 * The vectors of the refusals, one file a version: each case of `code-cases.ts` with the answer that the tables of `src/wire` give it.
 * The files are frozen: a test holds them to what is generated, so that a change of the wire shows as a change of files.
 *
 *     node test/vectors/generate.ts        writes the files
 */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import type { RefusalCode } from "../../src/core/refusal.ts";
import { renderRefusal } from "../../src/wire/error-codes.ts";
import type { Version } from "../../src/wire/versions.ts";
import { versionNames, versions } from "../../src/wire/versions.ts";
import type { Vector } from "../support/vectors.ts";
import { codeCases } from "./code-cases.ts";
import type { CodeCase } from "./code-cases.ts";

/** A vector as it stands in a file that holds a list of them; `refusal` is the code that it shows. */
export type CodeVector = Omit<Vector, "name"> & { readonly refusal: RefusalCode };

const start = { org: { zgid: "554023000", timeZone: "Pacific/Pago_Pago" }, now: "2023-08-03T02:59:50Z" };
const codes = Object.keys(codeCases) as readonly RefusalCode[];

/** The files, by their path from `test/vectors`. */
export async function generateCodeVectors(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of versionNames) {
    const version = versions[name];
    const vectors = codes.flatMap((code) =>
      codeCases[code].cases.filter(({ spokenBy }) => spokenBy?.(version) ?? true).map((one) => vectorOf(code, one, version)),
    );
    files.set(`${name}/codes.json`, await format(JSON.stringify(vectors), { parser: "json", printWidth: 140 }));
  }
  return files;
}

function vectorOf(code: RefusalCode, one: CodeCase, version: Version): CodeVector {
  const { body, httpStatus } = renderRefusal({ ...one.refusal, code }, version);
  const { status, wrapped } = wrap(one, { body, httpStatus }, version);
  return {
    title: one.title,
    source: codeCases[code].source,
    refusal: code,
    setup: { ...start, ...one.setup },
    request: {
      method: one.method,
      path: `/crm/${version.name}${one.path}`,
      headers: headersOf(one),
      ...(one.body === undefined ? {} : { body: one.body }),
    },
    response: { status, body: wrapped },
  };
}

function wrap(
  { shape }: CodeCase,
  rendered: { readonly body: unknown; readonly httpStatus: number },
  version: Version,
): { readonly status: number; readonly wrapped: unknown } {
  if (shape === "bare") return { status: rendered.httpStatus, wrapped: rendered.body };
  const { allFailed } = shape === "watch" ? version.watchFailure : version.recordFailure;
  return { status: allFailed, wrapped: { [shape]: [rendered.body] } };
}

function headersOf({ headers = {} }: CodeCase): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string | null>> = { Authorization: "Zoho-oauthtoken {access_token}", ...headers };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

if (import.meta.main) {
  for (const [path, text] of await generateCodeVectors()) writeFileSync(new URL(path, import.meta.url), text);
}
