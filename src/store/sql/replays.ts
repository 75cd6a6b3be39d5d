import type { ReplayFilter, ReplayKind, ReplayState } from "../../core/replay.ts";
import type { ReplayRow, ReplayRows } from "../ports/replays.ts";
import { type Database, type IdSource, arg, rowOf } from "./database.ts";
import type { Tables } from "./tables.ts";

const columns = [
  "org",
  "id",
  "what",
  "filter",
  "rate_per_second",
  "state",
  "next_id",
  "counted",
  "sent",
  "skipped",
  "created_at",
  "finished_at",
] as const;

export function sqlReplays(db: Database, ids: IdSource): ReplayRows {
  const q = db.builder;
  const insert = db.run(q.insertInto("replays").values(rowOf<"replays">(columns)));
  const update = db.run(
    q
      .updateTable("replays")
      .set(rowOf<"replays">(["state", "next_id", "counted", "sent", "skipped", "finished_at"]))
      .where("org", "=", arg<number>("org"))
      .where("id", "=", arg<number>("id")),
  );
  const ofOrg = q.selectFrom("replays").selectAll().where("org", "=", arg<number>("org"));
  const byId = db.first(ofOrg.where("id", "=", arg<number>("id")));
  const list = db.all(ofOrg.where("id", "<", arg<number>("beforeId")).orderBy("id", "desc").limit(arg<number>("limit")));
  const underWay = db.all(q.selectFrom("replays").selectAll().where("finished_at", "is", null).orderBy("id").limit(arg<number>("limit")));
  return {
    insert: async (org, replay) => {
      const id = await ids.next(org, replay.createdAt);
      await insert(writeReplay({ ...replay, org, id }));
      return id;
    },
    update: async (replay) => void (await update(writeReplay(replay))),
    byId: async (org, id) => {
      const row = await byId({ org, id });
      return row === null ? null : readReplay(row);
    },
    list: async (org, page) => (await list({ org, ...page })).map(readReplay),
    underWay: async (limit) => (await underWay({ limit })).map(readReplay),
  };
}

function writeReplay(replay: ReplayRow): Tables["replays"] {
  return {
    org: replay.org,
    id: replay.id,
    what: replay.what,
    filter: JSON.stringify(replay.filter),
    rate_per_second: replay.ratePerSecond,
    state: replay.state,
    next_id: replay.nextId,
    counted: replay.counted,
    sent: replay.sent,
    skipped: replay.skipped,
    created_at: replay.createdAt,
    finished_at: replay.finishedAt,
  };
}

function readReplay(row: Tables["replays"]): ReplayRow {
  return {
    org: row.org,
    id: row.id,
    what: row.what as ReplayKind,
    filter: JSON.parse(row.filter) as ReplayFilter,
    ratePerSecond: row.rate_per_second,
    state: row.state as ReplayState,
    nextId: row.next_id,
    counted: row.counted,
    sent: row.sent,
    skipped: row.skipped,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
