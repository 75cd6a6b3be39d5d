import type { Org, OrgKey, User, UserStatus } from "../../core/org.ts";
import type { OrgRows } from "../ports/orgs.ts";
import { type Database, arg, found, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

/** The orgs of this database, and their users. */
export function sqlOrgs(db: Database): Omit<OrgRows, "hold" | "epoch" | "accessEpoch" | "raisedEpochs"> {
  return { ...orgStatements(db), ...userStatements(db) };
}

function orgStatements(db: Database): Pick<OrgRows, "insertOrg" | "orgByKey" | "orgByZgid" | "allOrgs" | "takeNumbers" | "markSeeded"> {
  const q = db.builder;
  const insertOrg = db.first(
    q
      .insertInto("orgs")
      .values(rowOf<"orgs">(["zgid", "name", "time_zone", "currency", "created_at"]))
      .returningAll(),
  );
  const orgByKey = db.first(q.selectFrom("orgs").selectAll().where("key", "=", arg<number>("key")));
  const orgByZgid = db.first(q.selectFrom("orgs").selectAll().where("zgid", "=", arg<string>("zgid")));
  const allOrgs = db.all(q.selectFrom("orgs").selectAll().orderBy("key"));
  const takeNumbers = db.first(
    q
      .insertInto("sequences")
      .values(rowOf<"sequences">(["org", "name", "next"]))
      .onConflict((conflict) =>
        conflict.columns(["org", "name"]).doUpdateSet((row) => ({ next: row("sequences.next", "+", arg<number>("count")) })),
      )
      .returning("next"),
  );
  const markSeeded = db.run(
    q
      .insertInto("seeded_records")
      .values(rowOf<"seeded_records">(["org", "digest"]))
      .onConflict((conflict) => conflict.doNothing()),
  );
  return {
    insertOrg: async ({ zgid, name, timeZone, currency, createdAt }) =>
      readOrg(found(await insertOrg({ zgid, name, time_zone: timeZone, currency, created_at: createdAt }))),
    orgByKey: async (key) => readOrgOrNull(await orgByKey({ key })),
    orgByZgid: async (zgid) => readOrgOrNull(await orgByZgid({ zgid })),
    allOrgs: async () => (await allOrgs({})).map(readOrg),
    takeNumbers: async ({ org, name, start, count }) => found(await takeNumbers({ org, name, count, next: start + count })).next - count,
    markSeeded: async (org, digest) => (await markSeeded({ org, digest })) === 1,
  };
}

function userStatements(db: Database): Pick<OrgRows, "insertUser" | "updateUser" | "usersOf" | "countUsers"> {
  const q = db.builder;
  const columns = [
    "org",
    "id",
    "email",
    "first_name",
    "last_name",
    "status",
    "more",
    "created_at",
    "created_by",
    "modified_at",
    "modified_by",
  ] as const;
  const insertUser = db.run(q.insertInto("users").values(rowOf<"users">(columns)));
  const updateUser = db.run(
    q.updateTable("users").set(rowOf<"users">(columns)).where("org", "=", arg<number>("org")).where("id", "=", arg<string>("id")),
  );
  const usersOf = db.all(q.selectFrom("users").selectAll().where("org", "=", arg<number>("org")).orderBy("id"));
  const countUsers = db.first(
    q
      .selectFrom("users")
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("org", "=", arg<number>("org")),
  );
  return {
    insertUser: async (org, user) => void (await insertUser(writeUser(org, user))),
    updateUser: async (org, user) => void (await updateUser(writeUser(org, user))),
    usersOf: async (org) => (await usersOf({ org })).map(readUser),
    countUsers: async (org) => found(await countUsers({ org })).count,
  };
}

type OrgRow = Omit<Tables["orgs"], "key"> & { readonly key: number };

function readOrg(row: OrgRow): Org {
  return {
    key: row.key,
    zgid: row.zgid,
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    createdAt: row.created_at,
  };
}

function readOrgOrNull(row: OrgRow | null): Org | null {
  return row === null ? null : readOrg(row);
}

function writeUser(org: OrgKey, user: User): Tables["users"] {
  return {
    org,
    id: user.id,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    status: user.status,
    more: JSON.stringify(user.more),
    created_at: user.createdAt,
    created_by: user.createdBy,
    modified_at: user.modifiedAt,
    modified_by: user.modifiedBy,
  };
}

function readUser(row: Tables["users"]): User {
  return {
    id: row.id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    status: row.status as UserStatus,
    more: JSON.parse(row.more) as Record<string, string | null>,
    createdAt: row.created_at,
    createdBy: row.created_by,
    modifiedAt: row.modified_at,
    modifiedBy: row.modified_by,
  };
}
