/** What the document says of one method of one path, beyond what the route table knows: everything but path, method and scopes. */
import type { Version } from "../wire/versions.ts";
import type { Schema } from "./schema.ts";

export const tags = {
  Channels: "Who is notified of what: the watch API.",
  Records: "Records of modules: to write, list, search and count them.",
  "Related records": "What hangs on a record: notes, records that look it up, and links.",
  Metadata: "Modules, fields, layouts, related lists, profiles and roles.",
  "Users and org": "The users of an org, and the org itself.",
  Accounts: "OAuth: tokens, consent and the caller's profile.",
  "Left out": "Parts of the real API that are answered with NOT_SUPPORTED.",
  Admin: "The operator's own API, under an admin token.",
  Console: "The web console, its session, and the inbox of dev.",
  Probes: "What anyone may ask.",
} as const satisfies Record<string, string>;
export type Tag = keyof typeof tags;

export type Parameter = {
  readonly name: string;
  readonly in: "query" | "header";
  readonly schema: Schema;
  readonly about: string;
  /** A request without it is refused. Left out: no. */
  readonly isRequired?: boolean;
};

export type Body = {
  readonly schema: Schema;
  /** The first is the usual one. */
  readonly mediaTypes: readonly string[];
  readonly isRequired: boolean;
};

export type Content = { readonly mediaType: string; readonly schema: Schema };

export type Answer = {
  readonly about: string;
  /** The forms it may have; left out: an answer without a body. */
  readonly contents?: readonly Content[];
  readonly headers?: Readonly<Record<string, string>>;
};

/** By HTTP status. */
export type Answers = Readonly<Record<number, Answer>>;

export type Description = {
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly about?: string;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  /** Those of the route itself; what every route of its surface may answer is added to them. */
  readonly answers: Answers;
  /** It takes any access token, whatever its scopes. Left out: no. */
  readonly isForAnyToken?: boolean;
  /** Left out: every version takes it. */
  readonly spokenBy?: (version: Version) => boolean;
};

/** Paths as the route table writes them. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, Description>>>>;

export const jsonType = "application/json";

export function jsonAnswer(about: string, schema: Schema): Answer {
  return { about, contents: [{ mediaType: jsonType, schema }] };
}

export function jsonBody(schema: Schema): Body {
  return { schema, mediaTypes: [jsonType], isRequired: true };
}

export const nothingFound: Answers = { 204: { about: "There is nothing." } };
export const notNewer: Answers = { 304: { about: "Nothing is newer than the instant in If-Modified-Since." } };
