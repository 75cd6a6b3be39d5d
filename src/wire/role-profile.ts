/**
 * The one role and the one profile that an org has: every user has both, and may do everything. Clients read them from users, fields and
 * modules, and ask for their lists (PROTOCOL F.2, F.3, F.4; O26).
 */
import { idBeside } from "../core/ids.ts";
import type { Id } from "../core/ids.ts";
import type { Json } from "./json.ts";

export type NamedRef = { readonly name: string; readonly id: Id };

/** Their numbers among an org's ids: of those that the catalog leaves free, below the modules. */
const roleSequence = 102;
const profileSequence = 103;

/** The role of the org that `id` is of. */
export function roleOf(id: Id): NamedRef {
  return { name: "CEO", id: idBeside(id, roleSequence) };
}

/** The profile of the org that `id` is of. */
export function profileOf(id: Id): NamedRef {
  return { name: "Administrator", id: idBeside(id, profileSequence) };
}

/** What the profile may do with the field with this id. */
export function fieldProfileOf(id: Id, isWritable: boolean): Json {
  return { permission_type: isWritable ? "read_write" : "read_only", ...profileOf(id) };
}

/** The row of `/settings/roles`. */
export function renderRole(id: Id): Readonly<Record<string, Json>> {
  const role = roleOf(id);
  return {
    ...role,
    display_label: role.name,
    api_name: role.name,
    description: null,
    share_with_peers: true,
    admin_user: false,
    reporting_to: null,
    forecast_manager: null,
    created_by__s: null,
    modified_by__s: null,
    created_time__s: null,
    modified_time__s: null,
  };
}

/** The row of `/settings/profiles`. */
export function renderProfile(id: Id): Readonly<Record<string, Json>> {
  const profile = profileOf(id);
  return {
    ...profile,
    display_label: profile.name,
    api_name: profile.name,
    description: null,
    custom: false,
    category: false,
    default: true,
    type: "normal_profile",
    created_time: null,
    modified_time: null,
    created_by: null,
    modified_by: null,
  };
}
