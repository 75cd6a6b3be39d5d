/** A server, a receiver and a signed-in client: what the main job takes. */
import { type App, startApp } from "./app.ts";
import type { Client } from "./client.ts";
import { Receiver } from "./receiver.ts";

export type World = { readonly app: App; readonly receiver: Receiver; readonly client: Client } & AsyncDisposable;

export async function startWorld(nowMs?: number): Promise<World> {
  const app = await startApp(nowMs === undefined ? {} : { nowMs });
  const receiver = await Receiver.start();
  const dispose = async (): Promise<void> => {
    await app.stop();
    await receiver.down();
  };
  return { app, receiver, client: await app.client(), [Symbol.asyncDispose]: dispose };
}
