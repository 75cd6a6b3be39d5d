import { sql } from "kysely";
import type { ChannelRows } from "../ports/channels.ts";
import { readChannel, writeChannel, writeHealth } from "./channel-row.ts";
import type { ChannelTargets } from "./channel-targets.ts";
import type { InHand } from "./in-hand.ts";
import { sqliteChannelVersions } from "./channel-versions.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";

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

/** Who hears of every change of a channel. */
type Heard = { readonly targets: ChannelTargets; readonly inHand: InHand };

/** Channels, one row each with its subscriptions in it: they are read, replaced and removed together. */
export function sqliteChannels(db: Database, numbers: Numbers, heard: Heard): ChannelRows {
  return { ...channelStatements(db, heard), ...noticeStatements(db), ...sqliteChannelVersions(db, numbers) };
}

type NoticeRows = Pick<ChannelRows, "setNextNotice" | "withNoticeDue" | "nextNoticeAt">;

type VersionRows = Pick<ChannelRows, "insertVersion" | "versionAt" | "keysWithVersions">;

function channelStatements(db: Database, { targets, inHand }: Heard): Omit<ChannelRows, keyof NoticeRows | keyof VersionRows> {
  const q = db.builder;
  const all = q.selectFrom("channels").selectAll();
  const ofOrg = all.where("org", "=", arg<number>("org"));
  const replace = db.run(q.replaceInto("channels").values(rowOf<"channels">(columns)));
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
  function noteChange(key: number): void {
    targets.forget(key);
    inHand.disturb();
  }
  return {
    put: (channel) => {
      replace(writeChannel(channel));
      noteChange(channel.key);
    },
    remove: (org, key) => {
      remove({ org, key });
      noteChange(key);
    },
    byChannelId: (org, userId, channelId) => {
      const row = byChannelId({ org, userId, channelId });
      return row === null ? null : readChannel(row);
    },
    ofUser: (org, userId) => allOfUser({ org, userId }).map(readChannel),
    ofOrg: (org) => allOfOrg({ org }).map(readChannel),
    byKey: (key) => {
      const row = byKey({ key });
      return row === null ? null : readChannel(row);
    },
    setHealth: (org, key, health) => {
      setHealth({ org, key, ...writeHealth(health) });
      noteChange(key);
    },
    markSecretShown: (org, key) => void markSecretShown({ org, key, isShown: 1 }),
    page: (afterKey, limit) => page({ afterKey, limit }).map(readChannel),
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
    setNextNotice: (org, key, at) => void setNextNotice({ org, key, at }),
    withNoticeDue: (now, limit) => due({ now, limit }).map(readChannel),
    nextNoticeAt: () => next({})?.next_notice_at ?? null,
  };
}
