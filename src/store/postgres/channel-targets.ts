/**
 * Where channels deliver to, kept in memory for the process. Whatever changes a channel raises its org's epoch, so what was read under an epoch
 * holds for every transaction that has the org under the same one.
 */
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import type { PostgresDatabase } from "./database.ts";
import type { TargetRow } from "./target-row.ts";

export type ChannelTarget = TargetRow & { readonly org: OrgKey; readonly key: number; readonly state: string };

export type ChannelOf = { readonly org: OrgKey; readonly channelKey: number };

/** What a process remembers. */
export class KnownTargets {
  readonly #known = new Map<number, { readonly epoch: number; readonly target: ChannelTarget }>();

  get(channelKey: number, epoch: number): ChannelTarget | undefined {
    const known = this.#known.get(channelKey);
    return known?.epoch === epoch ? known.target : undefined;
  }

  note(target: ChannelTarget, epoch: number): void {
    if (this.#known.size >= limits.channelTargetsKeptMax) this.#known.clear();
    this.#known.set(target.key, { epoch, target });
  }
}

/** Reads the targets of channels whose orgs the transaction holds, those that are not known in one statement. */
export function channelTargets(db: PostgresDatabase, known: KnownTargets) {
  const { orgs } = db.session;
  const read = db.asked<ChannelTarget>(
    `select c.org, c.key, c.state, c.notify_url, c.token, c.secret, c.previous_secret, c.previous_secret_until
     from channels as c join unnest($1::bigint[], $2::bigint[]) as v (org, key) on c.org = v.org and c.key = v.key`,
  );
  return async (channels: readonly ChannelOf[]): Promise<ReadonlyMap<number, ChannelTarget>> => {
    const found = new Map<number, ChannelTarget>();
    const missing = new Map<number, ChannelOf>();
    for (const channel of channels) {
      const epoch = orgs.epochToKeep(channel.org);
      const target = epoch === null ? undefined : known.get(channel.channelKey, epoch);
      if (target === undefined) missing.set(channel.channelKey, channel);
      else found.set(target.key, target);
    }
    if (missing.size === 0) return found;
    const asked = [...missing.values()];
    const rows = await read(
      asked.map(({ org }) => org),
      asked.map(({ channelKey }) => channelKey),
    );
    for (const target of rows) {
      found.set(target.key, target);
      const epoch = orgs.epochToKeep(target.org);
      if (epoch !== null) known.note(target, epoch);
    }
    return found;
  };
}
