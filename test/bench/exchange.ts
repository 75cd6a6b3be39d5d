/** One request over a pool by undici's own callbacks, as the dispatcher makes its POSTs: the cheapest way there is. */
import type { Dispatcher, Pool } from "undici";

export type Exchange = {
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** Gives the status; rejects when no answer came. The answer's body is passed over. */
export function exchange(pool: Pool, request: Exchange): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, answered) => {
        status = answered;
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(status),
      onResponseError: (_controller, error) => reject(error),
    };
    pool.dispatch({ ...request }, handler);
  });
}
