/** The org that the bench works in: a module for each fan-out, with so many channels that hear its edits. */
import type { Caller } from "../../src/core/principal.ts";
import { limits } from "../../src/core/limits.ts";
import { acme } from "../support/seeds.ts";

export type FanOut = { readonly module: string; readonly channels: number };

/** The first user of the org of `acme`, the first in its store. */
export const benchOrg: Caller = { org: 1, userId: `${acme.org.zgid}050000001` };

/** Modules whose records are much alike: a name that must be there, and a description to edit. */
const nameFields: ReadonlyMap<string, string> = new Map([
  ["Leads", "Last_Name"],
  ["Contacts", "Last_Name"],
  ["Accounts", "Account_Name"],
]);
const modules = [...nameFields.keys()];

export function fanOutsOf(channels: readonly number[]): readonly FanOut[] {
  return channels.map((count, index) => ({ module: modules[index] ?? "Leads", channels: count }));
}

/** New records of the module, in writes as large as they may be. */
export function insertItems(module: string, count: number): readonly (readonly Readonly<Record<string, string>>[])[] {
  const nameField = nameFields.get(module) ?? "Name";
  return chunks(count, limits.recordsPerWriteMax, (index) => ({ [nameField]: `Name ${index}` }));
}

/** Subscriptions to edits of the module, in requests as large as they may be. */
export function watchItems(asked: FanOut & { readonly notifyUrl: string }): readonly (readonly Readonly<Record<string, unknown>>[])[] {
  const firstId = 1_000 * (1 + modules.indexOf(asked.module));
  return chunks(asked.channels, limits.watchItemsMax, (index) => ({
    channel_id: String(firstId + index),
    events: [`${asked.module}.edit`],
    notify_url: asked.notifyUrl,
  }));
}

function chunks<T>(count: number, size: number, make: (index: number) => T): readonly (readonly T[])[] {
  const all = Array.from({ length: count }, (_, index) => make(index));
  return Array.from({ length: Math.ceil(count / size) }, (_, chunk) => all.slice(chunk * size, (chunk + 1) * size));
}
