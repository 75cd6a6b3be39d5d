/** The receiver as a handler of Hono. */
import type { Receiver } from "./receiver.ts";

export type HonoContext = {
  readonly req: {
    readonly raw: Request;
    /** The body, also when something before us has read it. */
    arrayBuffer(): Promise<ArrayBuffer>;
  };
};

/** For `app.post("/callback", honoHandler(receiver))`. Hono keeps the text of a body that was read before, so nothing is lost. */
export function honoHandler(receiver: Receiver): (context: HonoContext) => Promise<Response> {
  return async ({ req }) => {
    if (!req.raw.bodyUsed) return receiver.fetch(req.raw);
    const bytes = new Uint8Array(await req.arrayBuffer());
    const body = bytes.byteLength > receiver.bodyBytesMax ? null : bytes;
    const answer = await receiver.receive({ method: req.raw.method, header: (name) => req.raw.headers.get(name), body });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}
