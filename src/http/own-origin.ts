/** Whether a browser says that a request comes from a page of ours. */
import type { IncomingMessage } from "node:http";

/**
 * `Sec-Fetch-Site` where the browser sends it; else `Origin`, which is compared with where the request went besides with the public origin,
 * for behind a proxy, or under a second name, the two differ. What says neither is no browser of today, or no page.
 */
export function isFromOwnPage({ headers }: Pick<IncomingMessage, "headers">, baseUrl: string): boolean {
  const { origin, host, "sec-fetch-site": site } = headers;
  if (site !== undefined) return site === "same-origin";
  if (origin === undefined || origin === baseUrl) return true;
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
