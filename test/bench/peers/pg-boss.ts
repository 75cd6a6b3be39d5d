/** pg-boss: jobs in PostgreSQL, fetched, POSTed and completed in batches by a few loops that overlap. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Notification, type PeerParts, type PeerQueue, peerPackage, playPeer } from "./peer.ts";

/** What is used of the package. */
type Boss = {
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: readonly { readonly data: Notification }[]): Promise<unknown>;
  fetch(name: string, options: { readonly batchSize: number }): Promise<readonly { readonly id: string; readonly data: Notification }[]>;
  complete(name: string, ids: readonly string[]): Promise<unknown>;
  on(event: "error", listener: (error: Error) => void): void;
  getDb(): { executeSql(text: string): Promise<{ readonly rows: readonly { readonly open: string }[] }> };
};
type PgBossPackage = {
  readonly PgBoss: new (options: {
    readonly host: string;
    readonly user: string;
    readonly database: string;
    readonly max: number;
    readonly supervise: boolean;
    readonly schedule: boolean;
  }) => Boss;
};

const queueName = "notifications";
const batchSize = 128;
const loops = 4;

playPeer(async (parts): Promise<PeerQueue> => {
  const { PgBoss } = (await peerPackage("pg-boss")) as PgBossPackage;
  const server = { host: parts.socket, user: "postgres", database: "postgres" };
  const boss = new PgBoss({ ...server, max: 2 * loops, supervise: false, schedule: false });
  boss.on("error", fail);
  await boss.start();
  await boss.createQueue(queueName);
  const owed = new Owed();
  for (let loop = 0; loop < loops; loop += 1) workFor(boss, parts, owed).catch(fail);
  return {
    enqueue: (notifications) => {
      owed.add(notifications.length);
      return boss.insert(
        queueName,
        notifications.map((data) => ({ data })),
      );
    },
    countOpen: async () => {
      const { rows } = await boss
        .getDb()
        .executeSql("select count(*) as open from pgboss.job where state < 'completed' or state = 'failed'");
      return Number(rows[0]?.open);
    },
  };
});

/** What is enqueued and not completed: while it is nothing the loops rest, for others have their turn on the machine then. */
class Owed {
  #count = 0;
  #more = Promise.withResolvers<void>();

  add(count: number): void {
    this.#count += count;
    if (this.#count <= 0) return;
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  /** Resolves soon while something is owed, otherwise when something is. */
  async pause(): Promise<void> {
    await (this.#count > 0 ? sleep(1) : this.#more.promise);
  }
}

async function workFor(boss: Boss, { post, onCompleted }: PeerParts, owed: Owed): Promise<never> {
  for (;;) {
    const jobs = await boss.fetch(queueName, { batchSize });
    await Promise.all(jobs.map(({ data }) => post(data)));
    if (jobs.length === 0) await owed.pause();
    else {
      await boss.complete(
        queueName,
        jobs.map(({ id }) => id),
      );
      owed.add(-jobs.length);
      onCompleted(jobs.length);
    }
  }
}

/** The part ends, and who started it hears of that. */
function fail(error: unknown): void {
  process.stderr.write(`pg-boss: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.kill(process.pid, "SIGKILL");
}
