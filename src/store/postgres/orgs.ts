import type { OrgRows } from "../ports/orgs.ts";
import { found } from "../sql/database.ts";
import type { PostgresDatabase } from "./database.ts";

/** Orgs: the shared text, and what several processes need besides. */
export function postgresOrgs(db: PostgresDatabase, shared: Omit<OrgRows, "hold" | "epoch" | "accessEpoch" | "raisedEpochs">): OrgRows {
  const { orgs } = db.session;
  const nextChannelKey = db.asked<{ key: number }>("select nextval('channel_keys') as key");
  // Asked: what else the transaction has to write does not matter to it, and so goes on together with what comes.
  const takeNumbers = db.asked<{ next: number }>(
    `insert into sequences as s (org, name, next) values ($1, $2, $3::bigint + $4::bigint)
     on conflict (org, name) do update set next = s.next + $4::bigint returning next`,
  );
  return {
    ...shared,
    // Channel keys are unique over all orgs: a sequence of the database holds nobody up, as a row that each transaction keeps would.
    takeNumbers: async ({ org, name, start, count }) => {
      if (name === "channel") {
        if (count !== 1) throw new Error("invariant broken: channel keys are taken one by one");
        return found((await nextChannelKey())[0] ?? null).key;
      }
      await orgs.hold(org);
      return found((await takeNumbers(org, name, start, count))[0] ?? null).next - count;
    },
    hold: (keys) => orgs.holdAll(keys),
    epoch: (org) => orgs.epoch(org),
    accessEpoch: (org) => orgs.accessEpoch(org),
    raisedEpochs: () => orgs.raised,
  };
}
