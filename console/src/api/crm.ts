/**
 * The CRM's own API, as any client would call it, with an access token of an hour that is kept in memory alone. A token that has ended
 * (the clock of `dev` can be moved) is replaced once.
 */
import { createToken } from "./access.ts";
import { ApiError, readErrorBody } from "./api-error.ts";
import type { Client, ClientRequest, Query } from "./client.ts";
import type { Json, JsonObject } from "./json.ts";

export type CrmModule = {
  readonly api_name: string;
  readonly plural_label: string;
  readonly singular_label: string;
  readonly api_supported: boolean;
  readonly viewable: boolean;
  readonly creatable: boolean;
  readonly editable: boolean;
  readonly deletable: boolean;
  readonly generated_type: string;
};

export type CrmField = {
  readonly api_name: string;
  readonly field_label: string;
  readonly data_type: string;
  readonly json_type: string;
  readonly read_only: boolean;
  readonly system_mandatory: boolean;
  readonly custom_field: boolean;
  readonly length: number | null;
  readonly pick_list_values: readonly { readonly display_value: string; readonly actual_value: string }[];
  readonly lookup: { readonly module?: { readonly api_name: string } | string | null };
  readonly view_type: { readonly view: boolean; readonly edit: boolean; readonly create: boolean };
};

export type CrmRecord = JsonObject & { readonly id: string };

export type CrmPage = { readonly records: readonly CrmRecord[]; readonly hasMore: boolean };

type WriteAnswer = { readonly [list: string]: readonly { readonly status: string; readonly details: JsonObject }[] };

export type Crm = ReturnType<typeof createCrm>;

const scope = "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.notifications.ALL";

/** The CRM API of one org; empty: of the one that the server takes first. */
export function createCrm(client: Client, org: string) {
  let token: Promise<string> | null = null;
  const takeToken = (): Promise<string> => {
    token ??= createToken(client, { ...(org === "" ? {} : { org }), scope }).then((made) => made.access_token);
    token.catch(() => (token = null));
    return token;
  };
  const call = async <T>(request: ClientRequest): Promise<T> => {
    const attempt = async (): Promise<T> =>
      client.send<T>({ ...request, headers: { authorization: `Zoho-oauthtoken ${await takeToken()}` } });
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || error.fault.status !== 401) throw error;
      token = null;
      return attempt();
    }
  };
  const write = async (request: ClientRequest): Promise<string> => firstDone(await call<WriteAnswer>(request));
  return {
    modules: async (): Promise<readonly CrmModule[]> =>
      (await call<{ modules: readonly CrmModule[] }>(get("/crm/v8/settings/modules"))).modules,
    fields: async (module: string): Promise<readonly CrmField[]> =>
      (await call<{ fields: readonly CrmField[] } | null>(get("/crm/v8/settings/fields", { module })))?.fields ?? [],
    list: async (module: string, query: Query): Promise<CrmPage> =>
      pageOf(await call(get(`/crm/v8/${module}`, { ...query, per_page: recordsPerPage }))),
    search: async (module: string, query: Query): Promise<CrmPage> =>
      pageOf(await call(get(`/crm/v8/${module}/search`, { ...query, per_page: recordsPerPage }))),
    record: async (module: string, id: string): Promise<CrmRecord | null> =>
      (await call<RecordsAnswer>(get(`/crm/v8/${module}/${encodeURIComponent(id)}`)))?.data[0] ?? null,
    create: (module: string, values: JsonObject) => write({ method: "POST", path: `/crm/v8/${module}`, body: { data: [values] } }),
    update: (module: string, id: string, values: JsonObject) =>
      write({ method: "PUT", path: `/crm/v8/${module}`, body: { data: [{ ...values, id }] } }),
    remove: (module: string, id: string) => write({ method: "DELETE", path: `/crm/v8/${module}`, query: { ids: id } }),
    createModule: async (labels: { readonly plural: string; readonly singular: string; readonly apiName: string }) => {
      const { profiles } = await call<{ profiles: readonly { readonly id: string }[] }>(get("/crm/v8/settings/profiles"));
      const { plural, singular, apiName } = labels;
      const item = { plural_label: plural, singular_label: singular, api_name: apiName, profiles: profiles.map(({ id }) => ({ id })) };
      return write({ method: "POST", path: "/crm/v8/settings/modules", body: { modules: [item] } });
    },
    watch: (channel: WatchOrder) => write({ method: "POST", path: "/crm/v8/actions/watch", body: { watch: [channel] } }),
    createField: (module: string, field: JsonObject) =>
      write({ method: "POST", path: "/crm/v8/settings/fields", query: { module }, body: { fields: [field] } }),
  };
}

export const recordsPerPage = 25;

export type WatchOrder = {
  readonly channel_id: string;
  readonly events: readonly string[];
  readonly channel_expiry: string;
  readonly token: string;
  readonly notify_url: string;
};

type RecordsAnswer = { readonly data: readonly CrmRecord[]; readonly info?: { readonly more_records: boolean } } | null;

function get(path: string, query: Query = {}): ClientRequest {
  return { method: "GET", path, query };
}

/** No records is an answer without a body. */
function pageOf(answer: RecordsAnswer): CrmPage {
  return { records: answer?.data ?? [], hasMore: answer?.info?.more_records ?? false };
}

/** The id of what the one item of a write came to; an item can be refused in an answer whose status is good. */
function firstDone(answer: WriteAnswer): string {
  const item = Object.values(answer)[0]?.[0];
  if (item?.status !== "success") throw readErrorBody(JSON.stringify(answer), 400);
  const id: Json | undefined = item.details["id"];
  return typeof id === "string" ? id : "";
}

/** The API name of the module that a lookup points to, or null. */
export function lookupTarget(field: CrmField): string | null {
  const target = field.lookup.module ?? null;
  return typeof target === "string" || target === null ? target : target.api_name;
}
