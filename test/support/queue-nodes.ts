/** Nodes of the program on PostgreSQL and NATS, and what is written through them and heard of it. */
import { type Client, signIn } from "./client.ts";
import { textAt } from "./json.ts";
import { WatchpostProcess } from "./process.ts";
import type { Receiver } from "./receiver.ts";
import { credentialsOf } from "./seeds.ts";

export type QueueNode = AsyncDisposable & {
  readonly process: WatchpostProcess;
  readonly baseUrl: string;
  metric(name: string): Promise<number>;
};

export type NodePlaces = { readonly database: string; readonly nats: string; readonly seed: string };

export async function startQueueNode({ database, nats, seed }: NodePlaces, words: readonly string[] = []): Promise<QueueNode> {
  const all = ["serve", "--seed", seed, "--port", "0", "--json", "--allow-target", "127.0.0.0/8", ...words];
  const process = new WatchpostProcess(all, { environment: { WATCHPOST_DATABASE_URL: database, WATCHPOST_NATS_URL: nats } });
  const line: unknown = JSON.parse(await process.firstLine());
  const baseUrl = textAt(line, "base_url");
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${baseUrl}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  return { process, baseUrl, metric, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}

/** A client of the org acme. */
export function clientOf({ baseUrl }: QueueNode): Promise<Client> {
  return signIn(baseUrl, credentialsOf("acme"));
}

export function watchLeads(client: Client, channelId: string, receiver: Receiver): Promise<unknown> {
  return client.subscribe({ channel_id: channelId, events: ["Leads.all"], notify_url: receiver.url() });
}

/** Writes one lead after another until told to end; gives back their ids. */
export function writeOn(client: Client): { readonly end: () => Promise<readonly string[]> } {
  const ids: string[] = [];
  let isEnded = false;
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let count = 0; !isEnded; count += 1) {
      ids.push(await client.insert("Leads", { Last_Name: `Lead ${String(lane)}-${String(count)}` }));
    }
  });
  return {
    end: async () => {
      isEnded = true;
      await Promise.all(lanes);
      return ids;
    },
  };
}

/** Waits for all of them; gives back how many more than once each came. */
export async function hearAll(receiver: Receiver, ids: readonly string[], heard: Set<string>): Promise<number> {
  let repeated = 0;
  while (ids.some((id) => !heard.has(id))) {
    const id = JSON.stringify(Reflect.get(Object((await receiver.next()).body), "ids")).replaceAll(/[["\]]/g, "");
    if (heard.has(id)) repeated += 1;
    heard.add(id);
  }
  return repeated;
}
