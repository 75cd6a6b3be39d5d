import { sql } from "kysely";
import type { ChannelRows } from "../ports/channels.ts";
import { readChannel, writeChannel, writeHealth } from "./channel-row.ts";
import { sqlWatchingChannels } from "./watching-channels.ts";
import { sqlChannelVersions } from "./channel-versions.ts";
import { type Database, type IdSource, arg, rowOf } from "./database.ts";

const columns = [
  "org",
  "key",
  "kind",
  "user_id",
  "channel_id",
  "notify_url",
  "token",
  "secret",
  "is_secret_shown",
  "previous_secret",
  "previous_secret_until",
  "state",
  "cause",
  "state_since",
  "failing_since",
  "expires_at",
  "next_notice_at",
  "returns_values",
  "notifies_related",
  "ordering",
  "subscriptions",
  "created_at",
  "modified_at",
] as const;

/** Channels, one row each with its subscriptions in it: they are read, replaced and removed together. */
export function sqlChannels(db: Database, ids: IdSource): ChannelRows {
  return { ...channelStatements(db), ...noticeStatements(db), ...sqlChannelVersions(db, ids), watching: sqlWatchingChannels(db) };
}

type NoticeRows = Pick<ChannelRows, "setNextNotice" | "withNoticeDue" | "nextNoticeAt">;

type VersionRows = Pick<ChannelRows, "insertVersion" | "versionAt" | "keysWithVersions">;

function channelStatements(db: Database): Omit<ChannelRows, keyof NoticeRows | keyof VersionRows | "watching"> {
  const q = db.builder;
  const all = q.selectFrom("channels").selectAll();
  const ofOrg = all.where("org", "=", arg<number>("org"));
  const replace = db.run(
    q
      .insertInto("channels")
      .values(rowOf<"channels">(columns))
      .onConflict((conflict) => conflict.columns(["org", "user_id", "channel_id"]).doUpdateSet(rowOf<"channels">(columns))),
  );
  const remove = db.run(q.deleteFrom("channels").where("org", "=", arg<number>("org")).where("key", "=", arg<number>("key")));
  const ofUser = ofOrg.where("user_id", "=", arg<string>("userId"));
  const byChannelId = db.first(ofUser.where("channel_id", "=", arg<string>("channelId")));
  const allOfUser = db.all(ofUser.orderBy("key"));
  const allOfOrg = db.all(ofOrg.orderBy("key"));
  const byKey = db.first(all.where("key", "=", arg<number>("key")));
  const page = db.all(all.where("key", ">", arg<number>("afterKey")).orderBy("key").limit(arg<number>("limit")));
  const setHealth = db.run(
    q
      .updateTable("channels")
      .set(rowOf<"channels">(["state", "cause", "state_since", "failing_since"]))
      .where("org", "=", arg<number>("org"))
      .where("key", "=", arg<number>("key")),
  );
  const markSecretShown = db.run(
    q
      .updateTable("channels")
      .set({ is_secret_shown: arg<number>("isShown") })
      .where("org", "=", arg<number>("org"))
      .where("key", "=", arg<number>("key")),
  );
  return {
    put: async (channel) => void (await replace(writeChannel(channel))),
    remove: async (org, key) => void (await remove({ org, key })),
    byChannelId: async (org, userId, channelId) => {
      const row = await byChannelId({ org, userId, channelId });
      return row === null ? null : readChannel(row);
    },
    ofUser: async (org, userId) => (await allOfUser({ org, userId })).map(readChannel),
    ofOrg: async (org) => (await allOfOrg({ org })).map(readChannel),
    byKey: async (key) => {
      const row = await byKey({ key });
      return row === null ? null : readChannel(row);
    },
    setHealth: async (org, key, health) => void (await setHealth({ org, key, ...writeHealth(health) })),
    markSecretShown: async (org, key) => void (await markSecretShown({ org, key, isShown: 1 })),
    page: async (afterKey, limit) => (await page({ afterKey, limit })).map(readChannel),
  };
}

function noticeStatements(db: Database): NoticeRows {
  const q = db.builder;
  const setNextNotice = db.run(
    q
      .updateTable("channels")
      .set({ next_notice_at: arg<number | null>("at") })
      .where("org", "=", arg<number>("org"))
      .where("key", "=", arg<number>("key")),
  );
  const due = db.all(
    q
      .selectFrom("channels")
      .selectAll()
      .where("next_notice_at", "<=", arg<number>("now"))
      .orderBy("next_notice_at")
      .orderBy("key")
      .limit(arg<number>("limit")),
  );
  const next = db.first(
    q.selectFrom("channels").select("next_notice_at").where("next_notice_at", "is not", null).orderBy("next_notice_at").limit(sql.lit(1)),
  );
  return {
    setNextNotice: async (org, key, at) => void (await setNextNotice({ org, key, at })),
    withNoticeDue: async (now, limit) => (await due({ now, limit })).map(readChannel),
    nextNoticeAt: async () => (await next({}))?.next_notice_at ?? null,
  };
}
