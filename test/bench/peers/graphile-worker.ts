/** graphile-worker: jobs in PostgreSQL, taken into a local queue and completed in batches. */
import { type Notification, type PeerQueue, inFlight, peerPackage, playPeer } from "./peer.ts";

/** What is used of the packages. */
type Pool = {
  query(text: string): Promise<{ readonly rows: readonly { readonly open: string }[] }>;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "connect", listener: (client: { on(event: "error", listener: (error: Error) => void): void }) => void): void;
};
type Pg = {
  readonly default: {
    readonly Pool: new (options: { readonly host: string; readonly user: string; readonly database: string; readonly max: number }) => Pool;
  };
};
type Logger = { readonly isLogger: true };
type Graphile = {
  readonly Logger: new (makeLog: () => () => void) => Logger;
  run(options: {
    readonly pgPool: Pool;
    readonly logger: Logger;
    readonly preset: { readonly worker: Readonly<Record<string, unknown>> };
    readonly taskList: Readonly<Record<string, (payload: Notification) => Promise<void>>>;
  }): Promise<{
    readonly events: { on(event: "job:complete", listener: () => void): void };
  }>;
  makeWorkerUtils(options: { readonly pgPool: Pool; readonly logger: Logger }): Promise<{
    addJobs(jobs: readonly { readonly identifier: string; readonly payload: Notification }[]): Promise<unknown>;
  }>;
};

const connections = 10;
const localQueueSize = 512;

playPeer(async ({ socket, post, onCompleted }): Promise<PeerQueue> => {
  const { default: pg } = (await peerPackage("pg")) as Pg;
  const graphile = (await peerPackage("graphile-worker")) as Graphile;
  const pgPool = new pg.Pool({ host: socket, user: "postgres", database: "postgres", max: connections });
  // Expected: the server ends when the bench does.
  pgPool.on("error", () => undefined);
  pgPool.on("connect", (client) => client.on("error", () => undefined));
  const logger = new graphile.Logger(() => () => undefined);
  const batches = { localQueue: { size: localQueueSize }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
  const preset = { worker: { concurrentJobs: inFlight, maxPoolSize: connections, pollInterval: 100, ...batches } };
  const utils = await graphile.makeWorkerUtils({ pgPool, logger });
  const runner = await graphile.run({ pgPool, logger, preset, taskList: { notify: post } });
  runner.events.on("job:complete", () => onCompleted(1));
  return {
    enqueue: (notifications) => utils.addJobs(notifications.map((payload) => ({ identifier: "notify", payload }))),
    countOpen: async () => Number((await pgPool.query("select count(*) as open from graphile_worker._private_jobs")).rows[0]?.open),
  };
});
