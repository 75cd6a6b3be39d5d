import { sql } from "kysely";
import type { ChannelStanding } from "../../core/channel.ts";
import type { ChannelRows } from "../ports/channels.ts";
import { type Database, type IdSource, arg, rowOf } from "./database.ts";

/** What channels were, by ids that stand among those of changes: a change was matched by the versions before it. */
export function sqlChannelVersions(db: Database, ids: IdSource): Pick<ChannelRows, "insertVersion" | "versionAt" | "keysWithVersions"> {
  const q = db.builder;
  const insert = db.run(q.insertInto("channel_versions").values(rowOf<"channel_versions">(["org", "channel_key", "id", "at", "channel"])));
  const ofOrg = q.selectFrom("channel_versions").where("org", "=", arg<number>("org"));
  const versionAt = db.first(
    ofOrg
      .selectAll()
      .where("channel_key", "=", arg<number>("channelKey"))
      .where("id", "<", arg<number>("id"))
      .orderBy("id", "desc")
      .limit(sql.lit(1)),
  );
  const keyAfter = db.first(
    ofOrg.select("channel_key").where("channel_key", ">", arg<number>("afterKey")).orderBy("channel_key").limit(sql.lit(1)),
  );
  return {
    insertVersion: async ({ org, channelKey, at, channel }) => {
      const id = await ids.next(org, at);
      await insert({ org, channel_key: channelKey, id, at, channel: channel === null ? null : JSON.stringify(channel) });
    },
    versionAt: async (org, channelKey, id) => {
      const row = await versionAt({ org, channelKey, id });
      if (row === null) return null;
      return { id: row.id, channelKey, at: row.at, channel: row.channel === null ? null : (JSON.parse(row.channel) as ChannelStanding) };
    },
    keysWithVersions: async (org, afterKey, limit) => {
      const keys: number[] = [];
      for (let key = afterKey; keys.length < limit;) {
        const next = await keyAfter({ org, afterKey: key });
        if (next === null) break;
        key = next.channel_key;
        keys.push(key);
      }
      return keys;
    },
  };
}
