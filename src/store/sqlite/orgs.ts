import type { DataType } from "../../core/catalog.ts";
import type { Org, OrgKey, User, UserStatus } from "../../core/org.ts";
import type { OrgRows } from "../ports/orgs.ts";
import { type Database, arg, found, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

/** The orgs of this database, their users, and their custom modules and fields. */
export function sqliteOrgs(db: Database): OrgRows {
  return { ...orgStatements(db), ...userStatements(db), ...moduleStatements(db), ...fieldStatements(db) };
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
    insertOrg: (org) =>
      readOrg(
        found(insertOrg({ zgid: org.zgid, name: org.name, time_zone: org.timeZone, currency: org.currency, created_at: org.createdAt })),
      ),
    orgByKey: (key) => readOrgOrNull(orgByKey({ key })),
    orgByZgid: (zgid) => readOrgOrNull(orgByZgid({ zgid })),
    allOrgs: () => allOrgs({}).map(readOrg),
    takeNumbers: ({ org, name, start, count }) => found(takeNumbers({ org, name, count, next: start + count })).next - count,
    markSeeded: (org, digest) => markSeeded({ org, digest }) === 1,
  };
}

function userStatements(db: Database): Pick<OrgRows, "insertUser" | "updateUser" | "usersOf"> {
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
  return {
    insertUser: (org, user) => void insertUser(writeUser(org, user)),
    updateUser: (org, user) => void updateUser(writeUser(org, user)),
    usersOf: (org) => usersOf({ org }).map(readUser),
  };
}

function moduleStatements(db: Database): Pick<OrgRows, "insertModule" | "modulesOf"> {
  const q = db.builder;
  const insertModule = db.run(
    q
      .insertInto("custom_modules")
      .values(rowOf<"custom_modules">(["org", "sequence", "api_name", "module_name", "singular_label", "plural_label"])),
  );
  const modulesOf = db.all(q.selectFrom("custom_modules").selectAll().where("org", "=", arg<number>("org")).orderBy("sequence"));
  return {
    insertModule: (org, module) =>
      void insertModule({
        org,
        sequence: module.sequence,
        api_name: module.apiName,
        module_name: module.moduleName,
        singular_label: module.singularLabel,
        plural_label: module.pluralLabel,
      }),
    modulesOf: (org) =>
      modulesOf({ org }).map((row) => ({
        sequence: row.sequence,
        apiName: row.api_name,
        moduleName: row.module_name,
        singularLabel: row.singular_label,
        pluralLabel: row.plural_label,
      })),
  };
}

function fieldStatements(db: Database): Pick<OrgRows, "insertField" | "fieldsOf"> {
  const q = db.builder;
  const columns = [
    "org",
    "module",
    "sequence",
    "api_name",
    "label",
    "data_type",
    "length",
    "is_mandatory",
    "pick_list_values",
    "pick_list_sequence",
    "lookup_module",
  ] as const;
  const insertField = db.run(q.insertInto("custom_fields").values(rowOf<"custom_fields">(columns)));
  const fieldsOf = db.all(q.selectFrom("custom_fields").selectAll().where("org", "=", arg<number>("org")).orderBy("sequence"));
  return {
    insertField: (org, field) =>
      void insertField({
        org,
        module: field.module,
        sequence: field.sequence,
        api_name: field.apiName,
        label: field.label,
        data_type: field.dataType,
        length: field.length,
        is_mandatory: Number(field.isMandatory),
        pick_list_values: JSON.stringify(field.pickListValues),
        pick_list_sequence: field.pickListSequence,
        lookup_module: field.lookupModule,
      }),
    fieldsOf: (org) =>
      fieldsOf({ org }).map((row) => ({
        module: row.module,
        sequence: row.sequence,
        apiName: row.api_name,
        label: row.label,
        dataType: row.data_type as DataType,
        length: row.length,
        isMandatory: row.is_mandatory === 1,
        pickListValues: JSON.parse(row.pick_list_values) as string[],
        pickListSequence: row.pick_list_sequence,
        lookupModule: row.lookup_module,
      })),
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
