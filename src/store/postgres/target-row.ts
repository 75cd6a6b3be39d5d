/** A channel's target, as it stands in the table. */
import type { Aim } from "../sql/delivery-row.ts";
import type { Tables } from "../sql/tables.ts";

export type TargetRow = Pick<Tables["channels"], "notify_url" | "token" | "secret" | "previous_secret" | "previous_secret_until">;

/** `epoch`: the org's, under which the target was read. */
export function aimOf(row: TargetRow & { readonly epoch: number }): Aim & { readonly orgEpoch: number } {
  const { previous_secret: secret, previous_secret_until: until } = row;
  return {
    orgEpoch: row.epoch,
    notifyUrl: row.notify_url,
    token: row.token,
    secret: row.secret,
    previousSecret: secret === null || until === null ? null : { secret, until },
  };
}
