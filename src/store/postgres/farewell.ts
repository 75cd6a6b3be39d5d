/** The end of a connection: the driver says farewell and waits for the server's, which never comes where a network has forgotten the connection. */
import type { Socket } from "node:net";
import type { ClientBase } from "pg";
import { limits } from "../../core/limits.ts";

/** Lets a connection that is ended wait for the server's farewell for a moment, and keep no process alive meanwhile. */
export function partInTime(client: ClientBase): void {
  // The driver knows it, its types do not.
  const { stream } = Reflect.get(client, "connection") as { readonly stream: Socket };
  stream.once("finish", () => {
    stream.setTimeout(limits.databaseFarewellMs, () => stream.destroy());
    stream.unref();
  });
}
