import type { ChannelRows } from "../ports/channels.ts";
import { sqlChannels } from "../sql/channels.ts";
import type { IdSource } from "../sql/database.ts";
import type { ChannelTargets } from "./channel-targets.ts";
import type { Database } from "./database.ts";
import type { InHand } from "./in-hand.ts";

/** Who hears of every change of a channel. */
type Heard = { readonly targets: ChannelTargets; readonly inHand: InHand };

/** Channels: the shared text, and what this process keeps of them in memory. */
export function sqliteChannels(db: Database, ids: IdSource, { targets, inHand }: Heard): ChannelRows {
  const shared = sqlChannels(db, ids);
  function noteChange(key: number): void {
    targets.forget(key);
    inHand.disturb(key);
  }
  return {
    ...shared,
    put: async (channel) => {
      await shared.put(channel);
      noteChange(channel.key);
    },
    remove: async (org, key) => {
      await shared.remove(org, key);
      noteChange(key);
    },
    setHealth: async (org, key, health) => {
      await shared.setHealth(org, key, health);
      noteChange(key);
    },
  };
}
