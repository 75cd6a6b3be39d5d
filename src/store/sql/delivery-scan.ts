import { sql } from "kysely";
import type { DeliveryRows } from "../ports/deliveries.ts";
import { type Database, arg, isOrAny } from "./database.ts";
import { isAboutRecord, readDelivery, readDeliveryDetail } from "./delivery-log.ts";

/** The log as replays and explanations read it. A look goes through a bounded window of it, so that no write waits long. */
export function sqlDeliveryScan(db: Database): Pick<DeliveryRows, "ofWrite" | "scan"> {
  const q = db.builder;
  const range = q
    .selectFrom("deliveries")
    .where("org", "=", arg<number>("org"))
    .where("id", ">=", arg<number>("fromId"))
    .where("id", "<", arg<number>("untilId"))
    .orderBy("id");
  const windowEnd = db.first(range.select("id").limit(sql.lit(1)).offset(arg<number>("look")));
  const scan = db.all(
    range
      .selectAll()
      .where((row) =>
        row.and([
          isOrAny("channel_key", "channelKey"),
          isOrAny("channel_id", "channelId"),
          isOrAny("module", "module"),
          isAboutRecord(db),
          row.or([
            row.and([row("status", "=", arg<string>("status")), row("replayed_as", "is", null)]),
            row.and([row(arg<string | null>("status"), "is", null), row("replay_of", "is", null)]),
          ]),
          row("is_test", "=", sql.lit(0)),
        ]),
      )
      .limit(arg<number>("limit")),
  );
  return {
    ...writeStatements(db),
    scan: async (org, { recordId, look, limit, ...asked }) => {
      const quotedId = recordId === null ? null : JSON.stringify(recordId);
      const endId = (await windowEnd({ org, fromId: asked.fromId, untilId: asked.untilId, look }))?.id ?? null;
      const rows = await scan({ org, ...asked, untilId: endId ?? asked.untilId, quotedId, limit: limit + 1 });
      return { rows: rows.slice(0, limit).map(readDeliveryDetail), nextId: rows[limit]?.id ?? endId };
    },
  };
}

/** A write's own deliveries have the ids between its changes and the next write's, those made by hand later an index of their own. */
function writeStatements(db: Database): Pick<DeliveryRows, "ofWrite"> {
  const q = db.builder;
  const ofChannel = q
    .selectFrom("deliveries")
    .selectAll()
    .where("org", "=", arg<number>("org"))
    .where("channel_key", "=", arg<number>("channelKey"))
    .where("write", "=", arg<number>("write"));
  const nextWrite = db.first(
    q
      .selectFrom("changes")
      .select("id")
      .where("org", "=", arg<number>("org"))
      .where("id", ">", arg<number>("write"))
      .where("write", "<>", arg<number>("write"))
      .orderBy("id")
      .limit(sql.lit(1)),
  );
  const own = db.all(
    ofChannel.where("id", ">", arg<number>("write")).where("id", "<", arg<number>("untilId")).where("is_replay", "=", sql.lit(0)),
  );
  const byHand = db.all(ofChannel.where("is_replay", "=", sql.lit(1)).orderBy("id"));
  return {
    ofWrite: async (org, write, channelKey) => {
      const untilId = (await nextWrite({ org, write }))?.id ?? Number.MAX_SAFE_INTEGER;
      return [...(await own({ org, write, channelKey, untilId })), ...(await byHand({ org, write, channelKey }))].map(readDelivery);
    },
  };
}
