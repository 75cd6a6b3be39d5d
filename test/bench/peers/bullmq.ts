/** BullMQ: jobs in Redis, taken by a worker that runs as many at once as the dispatcher. */
import { type Notification, type PeerQueue, inFlight, peerPackage, playPeer } from "./peer.ts";

/** What is used of the package. */
type Connection = { readonly path: string; readonly maxRetriesPerRequest: null };
type BullMq = {
  readonly Queue: new (
    name: string,
    options: { readonly connection: Connection },
  ) => {
    addBulk(jobs: readonly { readonly name: string; readonly data: Notification }[]): Promise<unknown>;
    getJobCounts(...states: readonly string[]): Promise<Readonly<Record<string, number>>>;
  };
  readonly Worker: new (
    name: string,
    work: (job: { readonly data: Notification }) => Promise<void>,
    options: { readonly connection: Connection; readonly concurrency: number },
  ) => { on(event: "completed", listener: () => void): void };
};

playPeer(async ({ socket, post, onCompleted }): Promise<PeerQueue> => {
  const { Queue, Worker } = (await peerPackage("bullmq")) as BullMq;
  const connection = { path: socket, maxRetriesPerRequest: null };
  const queue = new Queue("notifications", { connection });
  const worker = new Worker("notifications", ({ data }) => post(data), { connection, concurrency: inFlight });
  worker.on("completed", () => onCompleted(1));
  return {
    enqueue: (notifications) => queue.addBulk(notifications.map((data) => ({ name: "notify", data }))),
    countOpen: async () =>
      Object.values(await queue.getJobCounts("wait", "active", "delayed", "failed")).reduce((sum, count) => sum + count, 0),
  };
});
