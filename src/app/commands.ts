/**
 * The thread boundary: a command is data and so is its result. Each name here is one use case, run inside the store's
 * transaction; whoever stands in front of it (HTTP, dispatch, the command line) knows only this table.
 */
import type { AccessCommands } from "./commands/access.ts";
import type { CredentialCommands } from "./commands/credentials.ts";
import type { DispatchCommands } from "./commands/dispatch.ts";
import type { HistoryCommands } from "./commands/history.ts";
import type { HealthCommands } from "./commands/health.ts";
import type { LifecycleCommands } from "./commands/lifecycle.ts";
import type { MetadataCommands } from "./commands/metadata.ts";
import type { NodeCommands } from "./commands/nodes.ts";
import type { OperateCommands } from "./commands/operate.ts";
import type { RecordCommands } from "./commands/records.ts";
import type { WatchCommands } from "./commands/watch.ts";

export type * from "./commands/access.ts";
export type * from "./commands/history.ts";
export type * from "./commands/lifecycle.ts";
export type * from "./commands/operate.ts";
export type * from "./commands/records.ts";

export type Commands = CredentialCommands &
  RecordCommands &
  MetadataCommands &
  WatchCommands &
  DispatchCommands &
  OperateCommands &
  HistoryCommands &
  HealthCommands &
  NodeCommands &
  LifecycleCommands &
  AccessCommands;

export type CommandName = keyof Commands;
export type Input<N extends CommandName> = Commands[N]["input"];
export type Output<N extends CommandName> = Commands[N]["output"];

/**
 * What a hint is about: deliveries that were made or let go; those of them that nobody has claimed in the same commit (`due`); a notice
 * of expiry or a lifecycle event; a replay that another process has made.
 */
export type HintTopic = "delivery" | "due" | "notice" | "replay";

/** What stands behind the boundary. */
/**
 * What a batch that is gathered holds. `making`: commands that may make deliveries, as is supposed where nothing is said. `ending`: only settlements, over a
 * store that other processes wait for: what is asked for then and is more than a look at the batch itself keeps them waiting.
 */
export type Gathered = "making" | "ending";

export type Engine = {
  /** Runs the command in a transaction that is committed before this resolves; rejects only for a fault. */
  run<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>>;
  /**
   * Calls `listener` after each commit that may have made a delivery due, or that concerns another topic; gives back a function that
   * stops it.
   */
  onHint(listener: () => void, topic?: HintTopic): () => void;
  /**
   * Calls `listener` whenever commands are about to be gathered into a batch: what it runs then goes along as the last of them. Gives back
   * a function that stops it.
   */
  onGathering(listener: (gathered?: Gathered) => void): () => void;
  /** Finishes what is queued, then closes the store. Twice is fine. */
  close(): Promise<void>;
};
