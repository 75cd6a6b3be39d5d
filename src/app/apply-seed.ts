/**
 * Applies a seed: what it names and the store does not have is made, what is there stays as it is. One item that cannot be made
 * undoes the whole seed, and the reason names its JSON path.
 */
import { createHash } from "node:crypto";
import { dataTypes } from "../core/catalog.ts";
import { type Id, idOf } from "../core/ids.ts";
import type { Org, OrgKey, User } from "../core/org.ts";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import type { SeedClient, SeedField, SeedModule, SeedOrg, SeedUser } from "../core/seed.ts";
import type { Holder } from "../store/ports/credentials.ts";
import { writePath } from "../wire/json-path.ts";
import type { Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { type NewField, insertCustomField, insertCustomModule } from "./custom-metadata.ts";
import { takeTokenNumber } from "./issue-tokens.ts";
import { putLifecycleUrl } from "./manage-orgs.ts";
import { firstUserSequence } from "./manage-users.ts";
import { hashPassword } from "./password.ts";
import { digestOf } from "./secrets.ts";
import { lifecycleChannel } from "./tell-lifecycle.ts";
import { writeRecords } from "./write-records.ts";

/** What cannot be made; undoes the seed. */
class SeedFault extends Error {
  override readonly name = "SeedFault";
}

export async function applySeed(context: Context, { seed }: Input<"seed.apply">): Promise<Output<"seed.apply">> {
  try {
    return await context.tx.savepoint(async () => {
      let isApplied = false;
      for (const org of seed.orgs) isApplied = (await applyOrg(context, org)) || isApplied;
      return ok({ orgs: seed.orgs.map((org) => org.zgid), isApplied });
    });
  } catch (error) {
    context.directory.clear();
    if (error instanceof SeedFault) return refuse(error.message);
    throw error;
  }
}

/** Gives back whether anything was made. */
async function applyOrg(context: Context, seed: SeedOrg): Promise<boolean> {
  const found = await context.tx.orgs.orgByZgid(seed.zgid);
  const org = found ?? (await context.tx.orgs.insertOrg({ ...orgOf(seed), createdAt: context.now }));
  const users = await applyUsers(context, org, seed.users);
  const made = [
    found === null,
    users.isMade,
    await applyClients(context, org, { clients: seed.clients, users: users.all, path: seed.path }),
    await applyModules(context, org, seed),
    await applyLifecycleUrl(context, org, seed),
    await applyRecords(context, { org, seed, owner: ownerOf(users.all, seed) }),
  ];
  return made.includes(true);
}

function orgOf({ zgid, name, timeZone, currency }: SeedOrg) {
  return { zgid, name, timeZone, currency };
}

async function applyUsers(context: Context, org: Org, seeds: readonly SeedUser[]): Promise<{ all: readonly User[]; isMade: boolean }> {
  const all = [...(await context.tx.orgs.usersOf(org.key))];
  const missing = seeds.filter((seed) => userWith(all, seed.email) === undefined);
  for (const seed of missing) {
    const sequence = await context.tx.orgs.takeNumbers({ org: org.key, name: "user", start: firstUserSequence, count: 1 });
    const { email, firstName, lastName } = seed;
    const times = { createdAt: context.now, createdBy: null, modifiedAt: context.now, modifiedBy: null };
    const user: User = { id: idOf(org.zgid, sequence), email, firstName, lastName, status: "active", more: {}, ...times };
    await context.tx.orgs.insertUser(org.key, user);
    all.push(user);
  }
  if (missing.length > 0) context.directory.forget(org.key);
  const isPasswordMade = await applyPasswords(context, org.key, { seeds, users: all });
  return { all, isMade: missing.length > 0 || isPasswordMade };
}

/** Sets the passwords of users who have none yet. */
async function applyPasswords(
  context: Context,
  org: OrgKey,
  { seeds, users }: { readonly seeds: readonly SeedUser[]; readonly users: readonly User[] },
): Promise<boolean> {
  const { credentials } = context.tx;
  const missing: { readonly userId: Id; readonly password: string }[] = [];
  for (const { email, password } of seeds) {
    const userId = userWith(users, email)?.id;
    const isMissing = password !== null && userId !== undefined && (await credentials.passwordHash(org, userId)) === null;
    if (isMissing) missing.push({ userId, password });
  }
  const made = await Promise.all(missing.map(async ({ userId, password }) => ({ userId, hash: await hashPassword(password) })));
  for (const { userId, hash } of made) await credentials.putPassword({ org, userId, hash });
  return made.length > 0;
}

function userWith(users: readonly User[], email: string): User | undefined {
  return users.find((user) => user.email.toLowerCase() === email.toLowerCase());
}

/** The user who makes the seed's records: the first the seed names. */
function ownerOf(users: readonly User[], seed: SeedOrg): User {
  const owner = userWith(users, seed.users[0]?.email ?? "") ?? users[0];
  if (owner === undefined) throw new SeedFault(`${seed.path}.users: the org needs a user`);
  return owner;
}

async function applyClients(
  context: Context,
  org: Org,
  seed: { clients: readonly SeedClient[]; users: readonly User[]; path: string },
): Promise<boolean> {
  const { credentials } = context.tx;
  let isMade = false;
  for (const [index, client] of seed.clients.entries()) {
    const known = await credentials.client(client.clientId);
    if (known !== null) {
      if (known.org !== org.key) throw new SeedFault(`${seed.path}.clients[${index}].client_id: another org has this client`);
      continue;
    }
    const userId = userWith(seed.users, client.userEmail)?.id;
    if (userId === undefined) throw new SeedFault(`${seed.path}.clients[${index}].user_email: the org has no such user`);
    const { clientId, name, scopes, redirectUri } = client;
    const ownUser = client.acts === "alone" ? userId : null;
    const secretDigest = digestOf(client.clientSecret);
    const row = { org: org.key, clientId, name, secretDigest, userId: ownUser, scopes, redirectUri, revokedAt: null };
    await credentials.insertClient(row);
    await applyGrants(context, { org: org.key, clientId, userId }, { client, path: `${seed.path}.clients[${index}]` });
    isMade = true;
  }
  return isMade;
}

/** A seeded grant waits for its use; the ones a user asks for end after minutes. */
async function applyGrants(context: Context, holder: Holder, { client, path }: { client: SeedClient; path: string }): Promise<void> {
  const { credentials } = context.tx;
  const held = { ...holder, scopes: client.scopes, createdAt: context.now };
  if (client.refreshToken !== null) {
    const digest = digestOf(client.refreshToken);
    if ((await credentials.refreshToken(digest)) !== null) throw new SeedFault(`${path}.refresh_token: another client has this token`);
    await credentials.insertRefreshToken({ ...held, digest, number: await takeTokenNumber(context, holder.org) });
  }
  if (client.grantToken !== null) {
    const digest = digestOf(client.grantToken);
    if ((await credentials.grant(digest)) !== null) throw new SeedFault(`${path}.grant_token: another client has this token`);
    const number = await takeTokenNumber(context, holder.org);
    await credentials.insertGrant({ ...held, digest, number, isOffline: true, expiresAt: null, isUsed: false });
  }
}

async function applyModules(context: Context, org: Org, seed: SeedOrg): Promise<boolean> {
  let isMade = false;
  for (const [index, module] of seed.modules.entries()) {
    isMade = (await applyModule(context, org, { module, path: `${seed.path}.modules[${index}]` })) || isMade;
  }
  return isMade;
}

async function applyModule(context: Context, org: Org, { module, path }: { module: SeedModule; path: string }): Promise<boolean> {
  const { catalog } = await context.directory.home(context.tx, org.key);
  const known = catalog.module(module.apiName);
  if (known !== undefined && !known.isApiSupported) throw new SeedFault(`${path}.api_name: this standard module takes no fields`);
  if (known === undefined) {
    const made = await insertCustomModule(context, org.key, module);
    if (!made.ok) throw new SeedFault(`${path}: the org has as many modules as it may have`);
  }
  const apiName = known?.apiName ?? module.apiName;
  const missing = module.fields.filter((field) => known === undefined || catalog.field(known, field.apiName) === undefined);
  for (const field of missing) {
    const made = await insertCustomField(context, org.key, newFieldOf(field, apiName));
    if (!made.ok) throw new SeedFault(`${path}.fields: the module has as many fields as it may have`);
  }
  const isMade = known === undefined || missing.length > 0;
  if (isMade) await context.directory.renewCatalog(context.tx, org.key);
  return isMade;
}

/** Sets where the org is told of its channels when it is told nowhere. */
async function applyLifecycleUrl(context: Context, org: Org, { lifecycleUrl, path }: SeedOrg): Promise<boolean> {
  if (lifecycleUrl === undefined || (await lifecycleChannel(context, org.key)) !== null) return false;
  const put = await putLifecycleUrl(context, org, lifecycleUrl);
  if (put.ok) return true;
  throw new SeedFault(`${path}.org.lifecycle_url: the target guard does not let this address pass (--allow-target names exceptions)`);
}

function newFieldOf(field: SeedField, module: string): NewField {
  const dataType = dataTypes.find((type) => type === field.dataType);
  if (dataType === undefined) throw new Error(`invariant broken: the seed has a field of the type ${field.dataType}`);
  const { apiName, label, length, isMandatory, isUnique = false, lookupModule } = field;
  const pickList = field.pickListValues.map((value) => ({ value, label: value }));
  return { module, apiName, label, dataType, length, isMandatory, isUnique, pickList, lookupModule };
}

/** Makes the records that no earlier application of a seed made; two records that are alike are two. */
async function applyRecords(context: Context, { org, seed, owner }: { org: Org; seed: SeedOrg; owner: User }): Promise<boolean> {
  const seen = new Map<string, number>();
  let isMade = false;
  for (const { module, items } of seed.records) {
    for (const [index, item] of items.entries()) {
      const content = `${module} ${JSON.stringify(item)}`;
      const occurrence = seen.get(content) ?? 0;
      seen.set(content, occurrence + 1);
      const digest = createHash("sha256").update(`${occurrence} ${content}`).digest("hex");
      if (!(await context.tx.orgs.markSeeded(org.key, digest))) continue;
      isMade = true;
      const caller = { org: org.key, userId: owner.id };
      const written = await writeRecords(context, { caller, module, operation: "insert", items: [item], idInPath: null });
      if (!written.ok) throw new SeedFault(`${seed.path}.records.${module}: there is no such module`);
      const result = written.value.results[0];
      if (result?.ok !== true) throw new SeedFault(recordFault(result?.error ?? null, `${seed.path}.records.${module}[${index}]`));
    }
  }
  return isMade;
}

/** The refusal's own path begins with `data` and an index; in the seed the record stands at `place`. */
function recordFault(refusal: Refusal | null, place: string): string {
  if (refusal === null) return `${place}: was not made`;
  const below = refusal.path === undefined ? "" : writePath(refusal.path.slice(2)).slice(1);
  const wanted = [
    refusal.expectedType === undefined ? null : `expected ${refusal.expectedType}`,
    refusal.maximumLength === undefined ? null : `at most ${refusal.maximumLength} long`,
    refusal.supportedValues === undefined ? null : `one of ${refusal.supportedValues.join(", ")}`,
  ].filter((part) => part !== null);
  const reason = refusal.code === "mandatory_missing" ? "is mandatory" : ["is not valid", ...wanted].join(", ");
  return `${place}${below}: ${reason}`;
}
