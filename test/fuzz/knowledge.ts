/** What a request is made from: the place it goes to, what is known of the server, and chance. */
import type { Field, Module } from "../../src/core/catalog.ts";
import { relatedListData } from "../../src/core/catalog/related-lists.ts";
import { buildCatalog } from "../../src/core/standard-catalog.ts";
import type { Random } from "./random.ts";

export type Spot = { readonly surface: "crm" | "open" | "admin"; readonly path: string; readonly method: string };

/** The ids grow with the server's answers. */
export type Knowledge = {
  readonly zgid: string;
  readonly accessToken: string;
  readonly adminToken: string;
  /** Of a client with a refresh token, and of one that sends its users to the sign-in page. */
  readonly credentials: Readonly<Record<"client_id" | "client_secret" | "refresh_token", string>>;
  readonly webClient: Readonly<Record<"client_id" | "client_secret" | "redirect_uri", string>>;
  readonly user: { readonly email: string; readonly password: string };
  /** Where a channel may point to. */
  readonly notifyOrigin: string;
  /** A user whom requests must not harm, for the fuzzer speaks in their name. */
  readonly ownUserId: string;
  /** By module, and by the part of the path behind `settings`; the newest last. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  /** What the server made up and takes back: tokens of pages, tickets of forms, codes, access tokens. The newest last. */
  readonly words: ReadonlyMap<Word, readonly string[]>;
};

export type Word = "pageToken" | "ticket" | "code" | "accessToken";

/** Module, related list and the rest are chosen once a request, so that its path, query and body are about the same. */
export type Choice = {
  readonly spot: Spot;
  readonly known: Knowledge;
  readonly random: Random;
  readonly module: Module;
  /** A list that hangs on the module's records, and the module of what is in it. */
  readonly relation: { readonly name: string; readonly module: string };
};

const catalog = buildCatalog({ zgid: "554023000", modules: [], fields: new Map() });
const modules = catalog.modules.filter((module) => module.isApiSupported);
const loved = modules.filter(({ apiName }) =>
  ["Leads", "Contacts", "Accounts", "Deals", "Tasks", "Campaigns", "Products"].includes(apiName),
);
const [leads] = loved;

export function choose(spot: Spot, known: Knowledge, random: Random): Choice {
  // Fields are made and changed in few modules, so that the ids of one are tried in the same.
  const pool = spot.path.includes("/settings/fields") ? loved.slice(0, 2) : random.hasChance(0.7) ? loved : modules;
  const module = random.pick(pool) ?? leads;
  if (module === undefined) throw new Error("the catalog has no modules");
  const rows = relatedListData.find((list) => list.module === module.apiName)?.rows ?? [];
  const links = rows.filter(([kind]) => kind === "link");
  const notes = rows.filter(([, list]) => list === "Notes");
  const wanted = spot.method === "POST" ? notes : random.hasChance(0.6) && links.length > 0 ? links : rows;
  const [, name = "Notes", of = "Notes"] = random.pick(wanted) ?? [];
  return { spot, known, random, module, relation: { name, module: of } };
}

/** An id of the kind, mostly one that is there. */
export function idOf(kind: string, { known, random }: Pick<Choice, "known" | "random">): string {
  const ids = known.ids.get(kind) ?? [];
  const id = random.hasChance(0.9) ? ids.at(-1 - random.below(Math.min(ids.length, 30) || 1)) : undefined;
  return id ?? `${known.zgid}${100_000_001 + random.below(50)}`;
}

/** A word that the server gave, mostly; else one that it never gave. */
export function wordOf(word: Word, { known, random }: Pick<Choice, "known" | "random">): string {
  return (random.hasChance(0.9) ? known.words.get(word)?.at(-1 - random.below(3)) : undefined) ?? "1000.none";
}

/** Few, so that channels are changed and not only made. */
export function channelIdOf(random: Random): string {
  return String(random.pick([1, 2, 3, 4, 5, 6, 7, "-9223372036854775808", "9223372036854775807"]));
}

export function fieldNameOf({ module, random }: Choice): string {
  return random.pick<Field>(module.fields)?.apiName ?? "id";
}
