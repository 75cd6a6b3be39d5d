/** The local receiver of `listen`: takes what is POSTed to it, and answers as it is told. */
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";

export type Arrived = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };
export type ReceiverAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

export type Receiver = {
  readonly port: number;
  /** Takes no more, and lets what is being answered end. */
  stop(): Promise<void>;
};

export type ReceiverPlan = {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** A path that nobody guesses, so that what arrives comes from the channel. */
  readonly path: string;
  readonly handle: (arrived: Arrived) => Promise<ReceiverAnswer>;
};

const bodyBytesMax = 4 * 1024 * 1024;

/** Complains when the port cannot be had. */
export async function startReceiver({ host, port, path, handle }: ReceiverPlan): Promise<Receiver> {
  const server = createServer((request, response) => {
    void answer(request)
      .catch((): ReceiverAnswer => plain(500))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });

  async function answer(request: IncomingMessage): Promise<ReceiverAnswer> {
    if (request.method !== "POST" || (request.url ?? "").split("?")[0] !== path) return plain(404);
    if (Number(request.headers["content-length"] ?? 0) > bodyBytesMax) return plain(413);
    return handle({ headers: request.headers, body: await buffer(request) });
  }

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject).listen(port, host, listening.resolve);
  try {
    await listening.promise;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = code === "EADDRINUSE" ? "the port is in use" : code;
    throw new Complaint(exitCodes.failed, `cannot listen on ${host} port ${String(port)}: ${reason}. --port 0 picks a free one.`, {
      cause: error,
    });
  }
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeIdleConnections();
      await promise;
    },
  };
}

function plain(status: number): ReceiverAnswer {
  return { status, headers: {}, body: Buffer.alloc(0) };
}
