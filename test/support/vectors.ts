/**
 * The vectors: exchanges from the documents, one JSON file each, under test/vectors/{version}/, and those of the refusals, generated, one
 * file a version. A text in a request or an expected answer may
 * name what only a running server knows: `{access_token}`, `{client_id}`, `{client_secret}`, `{refresh_token}`, `{grant_token}`,
 * `{user_id}`, `{user_name}`, `{user_email}`, `{receiver}` (the base URL of a recording target).
 */
import { readFileSync, readdirSync } from "node:fs";
import { idOf } from "../../src/core/ids.ts";
import type { RefusalCode } from "../../src/core/refusal.ts";
import type { Comparison } from "./compare.ts";
import { clientFile, credentialsOf, grantTokenOf } from "./seeds.ts";
import type { OrgFile } from "./seeds.ts";

export type VectorRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

export type VectorSetup = {
  readonly org: { readonly zgid: string; readonly timeZone: string };
  /** Where the clock stands when the request is sent. */
  readonly now: string;
  /** How old the access token is then; 0 when absent. */
  readonly tokenAgeMs?: number;
  /** Every scope when absent. */
  readonly scopes?: readonly string[];
  /** As in a seed file. */
  readonly modules?: readonly unknown[];
  readonly records?: Readonly<Record<string, readonly unknown[]>>;
  /** Requests sent before, each with the vector's own access token, at its own time if it says one. */
  readonly before?: readonly { readonly method: string; readonly path: string; readonly body?: unknown; readonly now?: string }[];
};

export type Vector = {
  /** `v6/seed-sample`: where the file is; `v6/codes/3` in a file that holds a list of them. */
  readonly name: string;
  /** The refusal that a generated vector shows. */
  readonly refusal?: RefusalCode;
  readonly title: string;
  /** The section of PROTOCOL, the ruling of DESIGN, or the seed that it was taken from. */
  readonly source: string;
  readonly setup: VectorSetup;
  readonly request: VectorRequest;
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** null: no body at all. */
    readonly body: unknown;
    /** `value` when absent. */
    readonly compare?: Comparison;
  };
  /** The callback that the request brings to `{receiver}`, its body to the byte. */
  readonly callback?: { readonly target: string; readonly headers: Readonly<Record<string, string>>; readonly body: unknown };
};

const folder = new URL("../vectors/", import.meta.url);
const firstUserSequence = 50_000_001;

export function loadVectors(): readonly Vector[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .toSorted()
    .flatMap((path) => {
      const content = JSON.parse(readFileSync(new URL(path, folder), "utf8"));
      const name = path.slice(0, -".json".length);
      return Array.isArray(content) ? content.map((one, index) => ({ ...one, name: `${name}/${index}` })) : [{ ...content, name }];
    });
}

/** Vectors whose servers start alike. */
export function groupByStart(vectors: readonly Vector[]): readonly (readonly [Vector, ...Vector[]])[] {
  const groups = new Map<string, [Vector, ...Vector[]]>();
  for (const vector of vectors) {
    const { org, now, modules, records } = vector.setup;
    const key = JSON.stringify([org, now, modules, records]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [vector]);
    else group.push(vector);
  }
  return [...groups.values()];
}

/**
 * The org that a group starts with. Each vector has a user and a client of its own there, and channels belong to users, so that
 * vectors which share an org do not meet.
 */
export function orgOfGroup(group: readonly [Vector, ...Vector[]]): OrgFile {
  const { org, modules, records } = group[0].setup;
  return {
    org: { name: "Acme", zgid: org.zgid, time_zone: org.timeZone, currency: "USD" },
    users: group.map((_, index) => ({ email: emailOf(index), first_name: "Vector", last_name: `No${index}` })),
    clients: group.map(({ setup }, index) => clientFile(`vector${index}`, emailOf(index), setup.scopes)),
    ...(modules === undefined ? {} : { modules }),
    ...(records === undefined ? {} : { records }),
  };
}

/** What the names in the texts of the group's vector `index` stand for, apart from the access token and the receiver. */
export function namesOf(group: readonly [Vector, ...Vector[]], index: number): Readonly<Record<string, string>> {
  const name = `vector${index}`;
  const { clientId, clientSecret, refreshToken } = credentialsOf(name);
  return {
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
    grant_token: grantTokenOf(name),
    user_id: idOf(group[0].setup.org.zgid, firstUserSequence + index),
    user_name: `Vector No${index}`,
    user_email: emailOf(index),
  };
}

/** `value` with the names in its texts (keys too) replaced by what they stand for. */
export function filled<T>(value: T, names: Readonly<Record<string, string>>): T {
  const text = JSON.stringify(value);
  return JSON.parse(text.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => names[name] ?? whole));
}

function emailOf(index: number): string {
  return `vector${index}@acme.example`;
}
