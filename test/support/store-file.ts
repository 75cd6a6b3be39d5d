/** Looks into the file of a data folder that no server uses, and makes it fit a test. */
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Receiver } from "./receiver.ts";

export type StoreRow = Readonly<Record<string, unknown>>;

export function rowsIn(dataFolder: string, query: string): readonly StoreRow[] {
  return withFile(dataFolder, (database) => database.prepare(query).all());
}

/** Points all channels to the receiver; the path and query of each stay as they were. */
export function pointChannels(dataFolder: string, receiver: Receiver): void {
  withFile(dataFolder, (database) => {
    const update = database.prepare("update channels set notify_url = ? where key = ?");
    for (const row of database.prepare("select key, notify_url from channels").all()) {
      const { pathname, search } = new URL(String(row["notify_url"]));
      update.run(receiver.url(`${pathname}${search}`), Number(row["key"]));
    }
  });
}

/** Gives the channels another day from `now`, but for those that were made to end within minutes. */
export function lengthenChannels(dataFolder: string, now: number): void {
  withFile(dataFolder, (database) => {
    database.prepare("update channels set expires_at = ? where expires_at > created_at + 600000").run(now + 86_400_000);
  });
}

/** The webhook ids of what is owed to channels that are heard, in the order in which it was made. */
export function owedIn(dataFolder: string, now: number): readonly string[] {
  const query = `select coalesce(d.replay_of, d.id) as id from deliveries as d join channels as c on c.key = d.channel_key
    where d.settled_at is null and c.state = 'active' and c.expires_at > ${String(now)} order by d.id`;
  // The first schema had no replays.
  const hasReplays = rowsIn(dataFolder, "select 1 from pragma_table_info('deliveries') where name = 'replay_of'").length > 0;
  const rows = rowsIn(dataFolder, hasReplays ? query : query.replace("coalesce(d.replay_of, d.id)", "d.id"));
  return rows.map((row) => `msg_${String(row["id"])}`);
}

function withFile<T>(dataFolder: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path.join(dataFolder, "watchpost.sqlite"));
  try {
    return work(database);
  } finally {
    database.close();
  }
}
