/**
 * The Store port: what the use cases ask of a database. A transaction hands out row groups bound to it; whatever they did
 * commits together or not at all. Methods may answer at once (SQLite) or with a promise (a server's connection).
 */
import type { AuditRows } from "./ports/audit.ts";
import type { ChangeRows } from "./ports/changes.ts";
import type { CensusRows } from "./ports/census.ts";
import type { ChannelRows } from "./ports/channels.ts";
import type { CredentialRows } from "./ports/credentials.ts";
import type { DeliveryRows } from "./ports/deliveries.ts";
import type { LifecycleRows } from "./ports/lifecycle.ts";
import type { LinkRows } from "./ports/links.ts";
import type { MetadataRows } from "./ports/metadata.ts";
import type { NodeRows } from "./ports/nodes.ts";
import type { OrgRows } from "./ports/orgs.ts";
import type { OverviewRows } from "./ports/overview.ts";
import type { RecordRows } from "./ports/records.ts";
import type { ReplayRows } from "./ports/replays.ts";
import type { RetentionRows } from "./ports/retention.ts";
import type { SessionRows } from "./ports/sessions.ts";
import type { SettingRows } from "./ports/settings.ts";

export type Awaitable<T> = T | Promise<T>;

export type Tx = {
  readonly orgs: OrgRows;
  readonly metadata: MetadataRows;
  readonly credentials: CredentialRows;
  readonly records: RecordRows;
  readonly links: LinkRows;
  readonly settings: SettingRows;
  readonly changes: ChangeRows;
  readonly channels: ChannelRows;
  readonly deliveries: DeliveryRows;
  readonly replays: ReplayRows;
  readonly nodes: NodeRows;
  readonly lifecycle: LifecycleRows;
  readonly retention: RetentionRows;
  readonly sessions: SessionRows;
  readonly audit: AuditRows;
  readonly overview: OverviewRows;
  readonly census: CensusRows;
  /** Runs `work`; when it throws, what it wrote is undone, the transaction lives on, and the error is thrown again. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * What a transaction is for. `write`: it holds what it looks at against the writes of others. `read`: it sees one state of the store, waits
 * for nobody, and a write in it is a fault of ours. Where there is one connection for all, the two are the same.
 */
export type Intent = "read" | "write";

export type Store = {
  /**
   * How one command of a batch is undone and the others kept. The batch runs without savepoints, for each of them costs as much as a command
   * itself (SQLite copies the pages that it changes, a server is asked once more); where a command fails the transaction is given up, and the
   * batch runs again: under `savepoint` in one transaction with a savepoint a command, under `rerun` each in its own.
   */
  readonly undo: "savepoint" | "rerun";
  /** Runs `work` in one transaction; resolves after the commit is durable, rejects with nothing written, or with a fault that says otherwise. */
  transaction<T>(work: (tx: Tx) => Promise<T>, intent?: Intent): Promise<T>;
  close(): Awaitable<void>;
};
