import type { DisableCause } from "../../core/channel.ts";
import type { LifecycleEventName, Warning } from "../../core/lifecycle.ts";
import type { LifecycleRow, LifecycleRows } from "../ports/lifecycle.ts";
import { type Database, type IdSource, arg, isOrAny, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

const columns = ["org", "id", "channel_key", "channel_id", "event", "before", "cause", "expires_at", "at", "delivery_id"] as const;

/** Lifecycle events: inserted with the state they tell of, read by their ids, which grow over all orgs. */
export function sqlLifecycle(db: Database, ids: IdSource): LifecycleRows {
  const q = db.builder;
  const all = q.selectFrom("lifecycle_events").selectAll();
  const insert = db.run(q.insertInto("lifecycle_events").values(rowOf<"lifecycle_events">(columns)));
  const last = db.first(q.selectFrom("lifecycle_events").select((row) => row.fn.max("id").as("id")));
  const after = db.all(all.where("id", ">", arg<number>("id")).orderBy("id").limit(arg<number>("limit")));
  const list = db.all(
    all
      .where("id", "<", arg<number>("beforeId"))
      .where(isOrAny("org", "org"))
      .where(isOrAny("channel_key", "channelKey"))
      .orderBy("id", "desc")
      .limit(arg<number>("limit")),
  );
  return {
    insert: async (event) => {
      const id = await ids.nextOverOrgs(event.at);
      await insert({
        org: event.org,
        id,
        channel_key: event.channelKey,
        channel_id: event.channelId,
        event: event.event,
        before: event.before,
        cause: event.cause,
        expires_at: event.expiresAt,
        at: event.at,
        delivery_id: event.deliveryId,
      });
      return id;
    },
    lastId: async () => (await last({}))?.id ?? 0,
    after: async (id, limit) => (await after({ id, limit })).map(readEvent),
    list: async (listing) => (await list(listing)).map(readEvent),
  };
}

function readEvent(row: Tables["lifecycle_events"]): LifecycleRow {
  return {
    org: row.org,
    id: row.id,
    channelKey: row.channel_key,
    channelId: row.channel_id,
    event: row.event as LifecycleEventName,
    before: row.before as Warning | null,
    cause: row.cause as DisableCause | null,
    expiresAt: row.expires_at,
    at: row.at,
    deliveryId: row.delivery_id,
  };
}
