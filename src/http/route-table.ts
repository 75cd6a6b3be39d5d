/**
 * Every path that the server answers: adding a route is adding a row. A path below `/crm` that no row names is refused as
 * INVALID_URL_PATTERN, any other is a plain 404; a method that a row does not name is refused in the same two ways. What each row is,
 * `src/openapi` says; a path or a method that it does not describe does not compile.
 */
import type { DescribedPath, Endpoints } from "../openapi/descriptions.ts";
import type { ScopeNeed, ScopeOperation } from "../wire/scopes.ts";
import type { CrmEndpoint, Params } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import { countRecords, listDeletedRecords, listRecords } from "./list-endpoints.ts";
import {
  listFields,
  listLayouts,
  listModules,
  listRelatedLists,
  listRoles,
  listUserProfiles,
  showField,
  showLayout,
  showModule,
  showOrg,
  showRelatedList,
  showRole,
  showUserProfile,
} from "./metadata-endpoints.ts";
import {
  changeField,
  changeFields,
  changeModule,
  changeModules,
  deleteField,
  deleteModule,
  makeFields,
  makeModules,
} from "./metadata-write-endpoints.ts";
import { moduleNeed } from "./module-scopes.ts";
import { type OwnRoute, ownRoutes } from "./own-routes.ts";
import { recordWrites, showRecord } from "./record-endpoints.ts";
import { listRelated, relatedNeed, relatedWrites, showRelated } from "./related-endpoints.ts";
import { searchRecords } from "./search-endpoint.ts";
import { unsupported } from "./unsupported-endpoints.ts";
import { upsertRecords } from "./upsert-endpoint.ts";
import { addUser, deactivateUser, listUsers, showUser, updateUser, updateUsers } from "./user-endpoints.ts";
import { disableChannels, enableChannels, listWatch, mergeChannels, replaceChannels } from "./watch-endpoints.ts";

export type Route = { readonly surface: "crm"; readonly path: string; readonly methods: Readonly<Record<string, CrmEndpoint>> } | OwnRoute;

type Run = CrmEndpoint["run"];

export const routes: readonly Route[] = [
  crm("/actions/watch", {
    GET: notifications("READ", listWatch),
    POST: notifications("CREATE", enableChannels),
    PUT: notifications("UPDATE", replaceChannels),
    PATCH: notifications("UPDATE", mergeChannels),
    DELETE: notifications("DELETE", disableChannels),
  }),
  crm("/settings/modules", {
    GET: settings("modules", "READ", listModules),
    POST: settings("modules", "CREATE", makeModules),
    PUT: settings("modules", "UPDATE", changeModules),
    PATCH: settings("modules", "UPDATE", changeModules),
  }),
  crm("/settings/modules/:name", {
    GET: settings("modules", "READ", showModule),
    PUT: settings("modules", "UPDATE", changeModule),
    PATCH: settings("modules", "UPDATE", changeModule),
    DELETE: settings("modules", "DELETE", deleteModule),
  }),
  crm("/settings/fields", {
    GET: settings("fields", "READ", listFields),
    POST: settings("fields", "CREATE", makeFields),
    PATCH: settings("fields", "UPDATE", changeFields),
  }),
  crm("/settings/fields/:id", {
    GET: settings("fields", "READ", showField),
    PATCH: settings("fields", "UPDATE", changeField),
    DELETE: settings("fields", "DELETE", deleteField),
  }),
  crm("/settings/layouts", { GET: settings("layouts", "READ", listLayouts) }),
  crm("/settings/layouts/:id", { GET: settings("layouts", "READ", showLayout) }),
  crm("/settings/related_lists", { GET: settings("related_lists", "READ", listRelatedLists) }),
  crm("/settings/related_lists/:id", { GET: settings("related_lists", "READ", showRelatedList) }),
  crm("/settings/profiles", { GET: settings("profiles", "READ", listUserProfiles) }),
  crm("/settings/profiles/:id", { GET: settings("profiles", "READ", showUserProfile) }),
  crm("/settings/roles", { GET: settings("roles", "READ", listRoles) }),
  crm("/settings/roles/:id", { GET: settings("roles", "READ", showRole) }),
  crm("/users", {
    GET: users("READ", listUsers),
    POST: users("CREATE", addUser),
    PUT: users("UPDATE", updateUsers),
  }),
  crm("/users/:id", {
    GET: users("READ", showUser),
    PUT: users("UPDATE", updateUser),
    DELETE: users("DELETE", deactivateUser),
  }),
  crm("/org", { GET: org("READ", showOrg) }),
  crm("/:module", {
    GET: records("READ", listRecords),
    POST: records("CREATE", recordWrites.insert),
    PUT: records("UPDATE", recordWrites.update),
    DELETE: records("DELETE", recordWrites.remove),
  }),
  crm("/:module/upsert", { POST: records("CREATE", upsertRecords) }),
  crm("/:module/search", { GET: { ...records("READ", searchRecords), need: searchNeed } }),
  crm("/:module/deleted", { GET: records("READ", listDeletedRecords) }),
  crm("/:module/actions/count", { GET: records("READ", countRecords) }),
  crm("/:module/:id", {
    GET: records("READ", showRecord),
    PUT: records("UPDATE", recordWrites.updateOne),
    DELETE: records("DELETE", recordWrites.removeOne),
  }),
  crm("/:module/:id/:list", {
    GET: related("READ", listRelated),
    POST: related("CREATE", relatedWrites.insert),
    PUT: related("UPDATE", relatedWrites.update),
    DELETE: related("DELETE", relatedWrites.remove),
  }),
  crm("/:module/:id/:list/:relatedId", {
    GET: related("READ", showRelated),
    PUT: related("UPDATE", relatedWrites.updateOne),
    DELETE: related("DELETE", relatedWrites.removeOne),
  }),

  crm("/coql", unsupported(0, "POST")),
  crm("/__composite_requests", unsupported(0, "POST")),
  crm("/files", unsupported(0, "GET", "POST")),
  crm("/:module/actions/:action", unsupported(2, "GET", "POST", "PUT", "DELETE")),
  crm("/:module/:id/actions/:action", unsupported(3, "GET", "POST", "PUT", "DELETE")),
  crm("/:module/:id/photo", unsupported(2, "GET", "POST", "DELETE")),
  bulk("/:job", unsupported(0, "POST")),
  bulk("/:job/:id", unsupported(0, "GET")),
  bulk("/:job/:id/result", unsupported(0, "GET")),

  ...ownRoutes,
];

/** What stands behind the head in the described paths that begin with it. */
type Tail<Head extends string> = DescribedPath extends infer P ? (P extends `${Head}${infer Rest}` ? Rest : never) : never;
function crm<P extends Tail<"/crm/:version">>(path: P, methods: Endpoints<`/crm/:version${P}`, CrmEndpoint>): Route {
  return { surface: "crm", path: `/crm/:version${path}`, methods };
}

/** The version stands behind `bulk` in these. */
function bulk<P extends Tail<"/crm/bulk/:version">>(path: P, methods: Endpoints<`/crm/bulk/:version${P}`, CrmEndpoint>): Route {
  return { surface: "crm", path: `/crm/bulk/:version${path}`, methods };
}

function notifications(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "notifications", part: null, operation }, run);
}

type SettingsPart = "modules" | "fields" | "layouts" | "related_lists" | "profiles" | "roles";

function settings(part: SettingsPart, operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "settings", part, operation }, run);
}

function users(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "users", part: null, operation }, run);
}

function org(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "org", part: null, operation }, run);
}

function searchNeed(params: Params): ScopeNeed {
  return { ...moduleNeed(pathPart(params, "module"), "READ"), isSearch: true };
}

function records(operation: ScopeOperation, run: Run): CrmEndpoint {
  return { need: (params) => moduleNeed(pathPart(params, "module"), operation), run };
}

function related(operation: ScopeOperation, run: Run): CrmEndpoint {
  return { need: (params) => relatedNeed(params, operation), run };
}

function needing(need: ScopeNeed, run: Run): CrmEndpoint {
  return { need: () => need, run };
}
