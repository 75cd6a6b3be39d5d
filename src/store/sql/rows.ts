/** The row groups that have one text for every database. */
import type { Tx } from "../store.ts";
import { sqlAudit } from "./audit.ts";
import { sqlCensus } from "./census.ts";
import { sqlChannels } from "./channels.ts";
import { sqlCredentials } from "./credentials.ts";
import type { Database, IdSource } from "./database.ts";
import { sqlLifecycle } from "./lifecycle.ts";
import { sqlLinks } from "./links.ts";
import { sqlMetadata } from "./metadata.ts";
import { sqlOrgs } from "./orgs.ts";
import { sqlOverview } from "./overview.ts";
import { sqlReplays } from "./replays.ts";
import { sqlSessions } from "./sessions.ts";
import { sqlSettings } from "./settings.ts";

/** Those that every database writes in its own way, for they are what it does all day. */
type OwnRows = Pick<Tx, "records" | "changes" | "deliveries" | "nodes" | "retention" | "savepoint">;

export function sharedRows(db: Database, ids: IdSource): Omit<Tx, keyof OwnRows | "orgs"> & { readonly orgs: ReturnType<typeof sqlOrgs> } {
  return {
    orgs: sqlOrgs(db),
    metadata: sqlMetadata(db),
    credentials: sqlCredentials(db),
    links: sqlLinks(db),
    settings: sqlSettings(db),
    channels: sqlChannels(db, ids),
    replays: sqlReplays(db, ids),
    lifecycle: sqlLifecycle(db, ids),
    sessions: sqlSessions(db),
    audit: sqlAudit(db),
    overview: sqlOverview(db),
    census: sqlCensus(db),
  };
}
