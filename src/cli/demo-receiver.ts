/**
 * The demo's receiver: a process of its own that answers every request with 200 and prints what came, one line of JSON each. The first
 * line says where it listens. Its one argument is the port, 0 for a free one; it ends with SIGTERM, or when its stdin is closed.
 */
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** Lines of stdout. */
export type ReceiverLine =
  | { readonly kind: "listening"; readonly port: number }
  | {
      readonly kind: "arrived";
      /** When the whole request was there, in ms. */
      readonly at_ms: number;
      readonly method: string;
      /** Path and query, as they came. */
      readonly url: string;
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string;
    };

const bodyCharsMax = 1024 * 1024;

function receive(port: number): void {
  const server = createServer((request, response) => {
    void arrived(request).finally(() => response.end());
  });
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    say({ kind: "listening", port: typeof address === "object" && address !== null ? address.port : port });
  });
  process.once("SIGTERM", stop);
  process.stdin.once("end", stop).resume();

  function stop(): void {
    process.stdin.destroy();
    server.close();
    server.closeAllConnections();
  }
}

async function arrived(request: IncomingMessage): Promise<void> {
  const body = await text(request);
  const { method = "", url = "", headers } = request;
  say({ kind: "arrived", at_ms: Date.now(), method, url, headers, body: body.slice(0, bodyCharsMax) });
}

function say(line: ReceiverLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

if (import.meta.main) receive(Number(process.argv[2] ?? "0"));
