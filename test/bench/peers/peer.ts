/**
 * What every peer does: the same job as the engine. Notifications are enqueued durably, each is POSTed, and its completion is recorded. As
 * many changes are under way as the engine has, and what comes while one is being enqueued is enqueued together, as our group commit does.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { limits } from "../../../src/core/limits.ts";
import { exchange } from "../exchange.ts";
import { sampleNotification } from "../notification.ts";
import { play } from "../part.ts";

/** What a job holds. */
export type Notification = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

export type PeerQueue = {
  /** Resolves when they are durable. */
  readonly enqueue: (notifications: readonly Notification[]) => Promise<unknown>;
  /** Jobs that are not completed, those that failed among them. */
  readonly countOpen: () => Promise<number>;
};

export type PeerParts = {
  /** What its server is reached by. */
  readonly socket: string;
  readonly post: (notification: Notification) => Promise<void>;
  /** Says that the completion of so many is recorded. */
  readonly onCompleted: (count: number) => void;
};

type Run = { readonly forMs: number; readonly fanOut: number; /** Changes at once. */ readonly underWay: number };

export const inFlight = limits.deliveriesInFlightPerOriginMax;

export type PeerActs = ReturnType<typeof actsOf>;

/** Answers the bench for this peer. */
export function playPeer(open: (parts: PeerParts) => Promise<PeerQueue>): void {
  play(actsOf(open));
}

function actsOf(open: (parts: PeerParts) => Promise<PeerQueue>) {
  let queue: PeerQueue | null = null;
  let notification: Notification = { body: "", headers: {} };
  let completed = 0;
  let onCompleted = (): void => undefined;

  /** Enqueues until the time is over; resolves when all of it is completed. Gives how many there were. */
  function enqueueFor(into: PeerQueue, { forMs, fanOut, underWay }: Run): Promise<number> {
    const endAtMs = performance.now() + forMs;
    let owed = 0;
    let isEnqueuing = false;
    completed = 0;
    return new Promise((resolve, reject) => {
      const more = (): void => {
        const isOver = performance.now() >= endAtMs;
        if (isOver && completed >= owed && !isEnqueuing) resolve(owed);
        if (isOver || isEnqueuing) return;
        const count = underWay * fanOut - (owed - completed);
        if (count < fanOut) return;
        isEnqueuing = true;
        owed += count;
        void enqueue(count).catch(reject);
      };
      const enqueue = async (count: number): Promise<void> => {
        await into.enqueue(Array.from({ length: count }, () => notification));
        isEnqueuing = false;
        more();
      };
      onCompleted = more;
      more();
    });
  }

  return {
    open: async ({ socket, receiver }: { readonly socket: string; readonly receiver: string }): Promise<void> => {
      const pool = new Pool(receiver, { connections: inFlight, pipelining: 1 });
      notification = sampleNotification(`${receiver}/`);
      queue = await open({
        socket,
        post: async ({ body, headers }) => {
          const status = await exchange(pool, { method: "POST", path: "/", headers, body });
          if (status !== 200) throw new Error(`the receiver answered ${status}`);
        },
        onCompleted: (count) => {
          completed += count;
          onCompleted();
        },
      });
    },
    /** `tookMs`: from the first job to the last completion, which the server is asked for. */
    run: async (order: Run) => {
      if (queue === null) throw new Error("open comes first");
      const startedMs = performance.now();
      const owed = await enqueueFor(queue, order);
      onCompleted = () => undefined;
      while ((await queue.countOpen()) > 0) await sleep(1);
      return { owed, settled: completed, tookMs: performance.now() - startedMs };
    },
  };
}

/** A package of the peers' own folder, which the checkout's install leaves out. */
export async function peerPackage(name: string): Promise<unknown> {
  return import(pathToFileURL(createRequire(import.meta.url).resolve(name)).href);
}
