/**
 * Stands between a node and a server, and makes bad weather: connections are cut or refused, nothing passes any more while they stand, everything
 * is late and comes in small pieces, or those that stand lead nowhere any more. What ends while nothing passes is not heard of on the other side either, as where a wire is cut.
 */
import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** `toServer`: what the node sends; `toNode`: what it is answered. */
export type Way = "toServer" | "toNode";

export type Weather =
  | { readonly kind: "clear" }
  /** New connections end at once. */
  | { readonly kind: "refusing" }
  | { readonly kind: "still"; readonly ways: readonly Way[] }
  /** Each piece, of so many bytes at most, waits for so long. */
  | { readonly kind: "slow"; readonly delayMs: number; readonly pieceBytes: number };

const clear: Weather = { kind: "clear" };

export class TcpProxy {
  readonly #server: Server;
  #serverPort: number;
  readonly #sockets = new Set<Socket>();
  /** Of connections that lead nowhere. */
  readonly #lost = new WeakSet<Socket>();
  #weather: Weather = clear;
  #turned = Promise.withResolvers<void>();
  #isClosed = false;

  private constructor(serverPort: number) {
    this.#serverPort = serverPort;
    // An end of one side is passed on when the weather lets it through.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#join(socket));
  }

  static async start(serverPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(serverPort);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** New connections go to another server; those that stand stay. */
  aim(serverPort: number): void {
    this.#serverPort = serverPort;
  }

  get connections(): number {
    return this.#sockets.size / 2;
  }

  turn(weather: Weather): void {
    this.#weather = weather;
    this.#turned.resolve();
    this.#turned = Promise.withResolvers();
  }

  clear(): void {
    this.turn(clear);
  }

  /** Ends what stands, `isRude`: without a farewell. */
  cut(isRude: boolean): void {
    for (const socket of this.#sockets) {
      if (isRude) socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  /** From now on what comes over a connection that stands vanishes, its end too, and neither side hears of it; new ones are well. */
  lose(): void {
    for (const socket of this.#sockets) this.#lost.add(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.clear();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut(false);
    await closed;
  }

  #join(node: Socket): void {
    if (this.#weather.kind === "refusing" || this.#isClosed) {
      node.destroy();
      return;
    }
    const server = connect({ port: this.#serverPort, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    for (const socket of [node, server]) {
      this.#sockets.add(socket);
      // Expected: connections break, here more than elsewhere; the end tells.
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    }
    void this.#carry(node, server, "toServer");
    void this.#carry(server, node, "toNode");
  }

  /** Passes on what comes from one to the other, and its end. */
  async #carry(from: Socket, to: Socket, way: Way): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        for (let rest = chunk as Buffer; rest.length > 0;) rest = await this.#pass(rest, to, way);
      }
      await this.#untilMoving(way);
      if (!to.destroyed && !this.#lost.has(to)) to.end();
    } catch {
      // Expected: the connection broke.
      await this.#untilMoving(way);
      if (!this.#lost.has(to)) to.destroy();
    }
  }

  /** Gives back what is left of the chunk. */
  async #pass(chunk: Buffer, to: Socket, way: Way): Promise<Buffer> {
    await this.#untilMoving(way);
    if (this.#lost.has(to)) return Buffer.alloc(0);
    let piece = chunk;
    if (this.#weather.kind === "slow") {
      const { delayMs, pieceBytes } = this.#weather;
      piece = chunk.subarray(0, pieceBytes);
      await wait(delayMs);
      await this.#untilMoving(way);
    }
    if (to.destroyed) throw new Error("the other side is gone");
    if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]);
    return chunk.subarray(piece.length);
  }

  async #untilMoving(way: Way): Promise<void> {
    while (this.#weather.kind === "still" && this.#weather.ways.includes(way)) await this.#turned.promise;
  }
}
