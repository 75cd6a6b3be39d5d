import type { OrgRows } from "../ports/orgs.ts";
import type { PostgresDatabase } from "./database.ts";

/** Orgs: the shared text, and what several processes need besides. */
export function postgresOrgs(db: PostgresDatabase, shared: Omit<OrgRows, "hold" | "epoch" | "accessEpoch" | "raisedEpochs">): OrgRows {
  const { orgs } = db.session;
  const nextChannelKey = db.rows<{ key: number }>("select nextval('channel_keys') as key");
  return {
    ...shared,
    // Channel keys are unique over all orgs: a sequence of the database holds nobody up, as a row that each transaction keeps would.
    takeNumbers: async (taken) => {
      if (taken.name !== "channel") return shared.takeNumbers(taken);
      if (taken.count !== 1) throw new Error("invariant broken: channel keys are taken one by one");
      const [row] = await nextChannelKey();
      return row?.key ?? 0;
    },
    hold: (keys) => orgs.holdAll(keys),
    epoch: (org) => orgs.epoch(org),
    accessEpoch: (org) => orgs.accessEpoch(org),
    raisedEpochs: () => orgs.raised,
  };
}
