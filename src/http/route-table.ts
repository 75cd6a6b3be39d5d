/**
 * Every path that the server answers: adding a route is adding a row. A path below `/crm` that no row names is refused as
 * INVALID_URL_PATTERN, any other is a plain 404; a method that a row does not name is refused in the same two ways.
 */
import type { ScopeNeed, ScopeOperation } from "../wire/scopes.ts";
import { listChannels, listDeliveries, revealSecret, showDelivery } from "./admin-endpoints.ts";
import type { CrmEndpoint } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import { listFields, listModules, showField, showModule, showOrg } from "./metadata-endpoints.ts";
import { moduleNeed } from "./module-scopes.ts";
import { issueToken, showAlive, showIndex, showReady } from "./open-endpoints.ts";
import type { OwnMethods } from "./own-surface.ts";
import { deleteRecord, deleteRecords, insertRecords, listRecords, showRecord, updateRecord, updateRecords } from "./record-endpoints.ts";
import { addUser, deactivateUser, listUsers, showUser, updateUser, updateUsers } from "./user-endpoints.ts";
import { disableChannels, enableChannels, listWatch, mergeChannels, replaceChannels } from "./watch-endpoints.ts";

export type Route =
  | { readonly surface: "crm"; readonly path: string; readonly methods: Readonly<Record<string, CrmEndpoint>> }
  | { readonly surface: "open" | "admin"; readonly path: string; readonly methods: OwnMethods };

type Run = CrmEndpoint["run"];

export const routes: readonly Route[] = [
  crm("/actions/watch", {
    GET: notifications("READ", listWatch),
    POST: notifications("CREATE", enableChannels),
    PUT: notifications("UPDATE", replaceChannels),
    PATCH: notifications("UPDATE", mergeChannels),
    DELETE: notifications("DELETE", disableChannels),
  }),
  crm("/settings/modules", { GET: settings("modules", "READ", listModules) }),
  crm("/settings/modules/:name", { GET: settings("modules", "READ", showModule) }),
  crm("/settings/fields", { GET: settings("fields", "READ", listFields) }),
  crm("/settings/fields/:id", { GET: settings("fields", "READ", showField) }),
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
    POST: records("CREATE", insertRecords),
    PUT: records("UPDATE", updateRecords),
    DELETE: records("DELETE", deleteRecords),
  }),
  crm("/:module/:id", {
    GET: records("READ", showRecord),
    PUT: records("UPDATE", updateRecord),
    DELETE: records("DELETE", deleteRecord),
  }),

  { surface: "open", path: "/oauth/v2/token", methods: { POST: issueToken } },
  { surface: "open", path: "/livez", methods: { GET: showAlive } },
  { surface: "open", path: "/readyz", methods: { GET: showReady } },
  { surface: "open", path: "/", methods: { GET: showIndex } },

  { surface: "admin", path: "/api/v1/deliveries", methods: { GET: listDeliveries } },
  { surface: "admin", path: "/api/v1/deliveries/:id", methods: { GET: showDelivery } },
  { surface: "admin", path: "/api/v1/channels", methods: { GET: listChannels } },
  { surface: "admin", path: "/api/v1/channels/:key/secret", methods: { POST: revealSecret } },
];

function crm(path: string, methods: Readonly<Record<string, CrmEndpoint>>): Route {
  return { surface: "crm", path: `/crm/:version${path}`, methods };
}

function notifications(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "notifications", part: null, operation }, run);
}

function settings(part: "modules" | "fields", operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "settings", part, operation }, run);
}

function users(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "users", part: null, operation }, run);
}

function org(operation: ScopeOperation, run: Run): CrmEndpoint {
  return needing({ service: "org", part: null, operation }, run);
}

function records(operation: ScopeOperation, run: Run): CrmEndpoint {
  return { need: (params) => moduleNeed(pathPart(params, "module"), operation), run };
}

function needing(need: ScopeNeed, run: Run): CrmEndpoint {
  return { need: () => need, run };
}
