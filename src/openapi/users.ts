/** Users, the org, and the profile and the role that users have (PROTOCOL F.4). */
import { limits } from "../core/limits.ts";
import { moreUserKeys, userTypes } from "../wire/user.ts";
import { success } from "./common-schemas.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody, nothingFound } from "./description.ts";
import { absent, flags } from "./key-groups.ts";
import { idsParameter, pageParameters, query } from "./parameters.ts";
import { recordFailures } from "./records.ts";
import { itemAnswers } from "./refusals.ts";
import type { Properties, Schema } from "./schema.ts";
import { flag, given, id, idGiven, integer, list, never, orNull, ref, shape, text, time, word } from "./schema.ts";

const settable = orNull(text(limits.userTextCharsMax));
const moreGiven: Properties = Object.fromEntries(moreUserKeys.map((key) => [key, settable]));
const more: Properties = Object.fromEntries(moreUserKeys.map((key) => [key, orNull(text())]));
const names: Properties = {
  email: text(limits.userTextCharsMax),
  first_name: settable,
  last_name: text(limits.userTextCharsMax),
  status: word("active", "inactive"),
};

export const userSchemas: Properties = {
  UserGiven: given({ id: idGiven, ...names, ...moreGiven }),
  NewUser: given({ ...names, ...moreGiven }, ["email", "last_name"]),
  User: shape({
    id,
    full_name: text(),
    first_name: orNull(text()),
    last_name: text(),
    email: text(),
    zuid: text(),
    status: word("active", "inactive", "deleted"),
    confirm: flag,
    role: ref("NamedRef"),
    profile: ref("NamedRef"),
    ...more,
    ...flags("microsoft", "sandboxDeveloper", "personal_account", "Isonline"),
    type__s: text(),
    category: text(),
    status_reason__s: never,
    Currency: text(),
    Reporting_To: never,
    created_time: time,
    Modified_Time: time,
    created_by: ref("NamedRef"),
    Modified_By: ref("NamedRef"),
  }),
  UserWritten: success(word("User added", "User updated", "User deleted"), shape({ id })),
  Org: shape({
    id,
    zgid: text(),
    company_name: text(),
    type: text(),
    currency: text(),
    currency_symbol: text(),
    currency_locale: text(),
    iso_code: text(),
    time_zone: text(),
    primary_email: orNull(text()),
    domain_name: text(),
    hierarchy_preferences: shape({ type: text() }),
    license_details: shape({
      paid: flag,
      paid_type: text(),
      ...absent("paid_expiry", "trial_type", "trial_expiry", "users_license_purchased", "portal_users_license_purchased"),
    }),
    created_time: time,
    ...absent("alias", "country", "country_code", "city", "state", "street", "zip", "phone", "mobile", "fax", "website"),
    ...absent("primary_zuid", "employee_count", "description", "photo_id", "zia_portal_id"),
    ...flags("mc_status", "privacy_settings", "gapps_enabled", "translation_enabled", "hipaa_compliance_enabled"),
    ...flags("deletable_org_account", "lite_users_enabled"),
  }),
  Profile: shape({
    name: text(),
    id,
    display_label: text(),
    api_name: text(),
    type: text(),
    ...flags("custom", "category", "default"),
    ...absent("description", "created_time", "modified_time", "created_by", "modified_by"),
  }),
  Role: shape({
    name: text(),
    id,
    display_label: text(),
    api_name: text(),
    ...flags("share_with_peers", "admin_user"),
    ...absent("description", "reporting_to", "forecast_manager"),
    ...absent("created_by__s", "modified_by__s", "created_time__s", "modified_time__s"),
  }),
};

const body = (item: string) => jsonBody(given({ users: list(ref(item), { min: 1, max: limits.usersPerWriteMax }) }, ["users"]));
const written = (allGood: number) => itemAnswers("users", ref("UserWritten"), { allGood, failures: recordFailures });
const one = (key: string, schema: Schema) => jsonAnswer("It.", shape({ [key]: list(schema, { min: 1, max: 1 }) }));
const profilesInfo = shape({ page: integer, per_page: integer, count: integer, more_records: flag });

export const userDescriptions = {
  "/crm/:version/users": {
    GET: {
      id: "listUsers",
      tag: "Users and org",
      summary: "A page of users",
      parameters: [
        query("type", { ...word(...userTypes), default: "AllUsers" }, "Which users; CurrentUser is the caller alone."),
        { ...idsParameter, about: "Only these users." },
        ...pageParameters,
      ],
      answers: {
        200: jsonAnswer("A page of users.", shape({ users: list(ref("User"), { min: 1 }), info: ref("PageInfo") })),
        ...nothingFound,
      },
    },
    POST: { id: "addUser", tag: "Users and org", summary: "Adds a user", body: body("NewUser"), answers: written(201) },
    PUT: {
      id: "updateUsers",
      tag: "Users and org",
      summary: "Changes a user, named by its id",
      body: body("UserGiven"),
      answers: written(200),
    },
  },
  "/crm/:version/users/:id": {
    GET: { id: "showUser", tag: "Users and org", summary: "One user", answers: { 200: one("users", ref("User")) } },
    PUT: { id: "updateUser", tag: "Users and org", summary: "Changes one user", body: body("UserGiven"), answers: written(200) },
    DELETE: { id: "deactivateUser", tag: "Users and org", summary: "Deactivates a user, whose tokens end", answers: written(200) },
  },
  "/crm/:version/org": {
    GET: { id: "showOrg", tag: "Users and org", summary: "The caller's org", answers: { 200: one("org", ref("Org")) } },
  },
  "/crm/:version/settings/profiles": {
    GET: {
      id: "listProfiles",
      tag: "Metadata",
      summary: "The one profile",
      answers: { 200: jsonAnswer("It.", shape({ profiles: list(ref("Profile")), info: profilesInfo })) },
    },
  },
  "/crm/:version/settings/profiles/:id": {
    GET: {
      id: "showProfile",
      tag: "Metadata",
      summary: "The profile with this id",
      answers: { 200: one("profiles", ref("Profile")), ...nothingFound },
    },
  },
  "/crm/:version/settings/roles": {
    GET: { id: "listRoles", tag: "Metadata", summary: "The one role", answers: { 200: one("roles", ref("Role")) } },
  },
  "/crm/:version/settings/roles/:id": {
    GET: {
      id: "showRole",
      tag: "Metadata",
      summary: "The role with this id",
      answers: { 200: one("roles", ref("Role")), ...nothingFound },
    },
  },
} satisfies Descriptions;
