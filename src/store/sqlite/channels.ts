import type { ChannelHealth, ChannelOrder, ChannelState, DisableCause, Subscription } from "../../core/channel.ts";
import type { ChannelRow, ChannelRows } from "../ports/channels.ts";
import { sqliteChannelVersions } from "./channel-versions.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";
import type { Tables } from "./tables.ts";

const columns = [
  "org",
  "key",
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
  "returns_values",
  "notifies_related",
  "ordering",
  "subscriptions",
  "created_at",
  "modified_at",
] as const;

/** Channels, one row each with its subscriptions in it: they are read, replaced and removed together. */
export function sqliteChannels(db: Database, numbers: Numbers): ChannelRows {
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
  return {
    put: (channel) => void replace(writeChannel(channel)),
    remove: (org, key) => void remove({ org, key }),
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
    setHealth: (org, key, health) => void setHealth({ org, key, ...writeHealth(health) }),
    markSecretShown: (org, key) => void markSecretShown({ org, key, isShown: 1 }),
    page: (afterKey, limit) => page({ afterKey, limit }).map(readChannel),
    ...sqliteChannelVersions(db, numbers),
  };
}

function writeChannel(channel: ChannelRow): Tables["channels"] {
  return {
    org: channel.org,
    key: channel.key,
    user_id: channel.userId,
    channel_id: channel.channelId,
    notify_url: channel.notifyUrl,
    token: channel.token,
    secret: channel.secret,
    is_secret_shown: Number(channel.isSecretShown),
    previous_secret: channel.previousSecret?.secret ?? null,
    previous_secret_until: channel.previousSecret?.until ?? null,
    ...writeHealth(channel),
    expires_at: channel.expiresAt,
    returns_values: Number(channel.returnsValues),
    notifies_related: Number(channel.notifiesRelated),
    ordering: channel.order,
    subscriptions: JSON.stringify(channel.subscriptions),
    created_at: channel.createdAt,
    modified_at: channel.modifiedAt,
  };
}

type HealthRow = Pick<Tables["channels"], "state" | "cause" | "state_since" | "failing_since">;

/** The health that a row of channels, or one joined to it, says. */
export function readHealth(row: HealthRow): ChannelHealth {
  return {
    state: row.state as ChannelState,
    cause: row.cause as DisableCause | null,
    stateSince: row.state_since,
    failingSince: row.failing_since,
  };
}

function writeHealth(health: ChannelHealth): HealthRow {
  return { state: health.state, cause: health.cause, state_since: health.stateSince, failing_since: health.failingSince };
}

function readChannel(row: Tables["channels"]): ChannelRow {
  return {
    org: row.org,
    key: row.key,
    userId: row.user_id,
    channelId: row.channel_id,
    notifyUrl: row.notify_url,
    token: row.token,
    secret: row.secret,
    isSecretShown: row.is_secret_shown === 1,
    previousSecret:
      row.previous_secret === null || row.previous_secret_until === null
        ? null
        : { secret: row.previous_secret, until: row.previous_secret_until },
    ...readHealth(row),
    expiresAt: row.expires_at,
    returnsValues: row.returns_values === 1,
    notifiesRelated: row.notifies_related === 1,
    order: row.ordering as ChannelOrder,
    subscriptions: JSON.parse(row.subscriptions) as Subscription[],
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
