/** A request as a command that can be pasted into a shell. */
import type { DeliveryRequest } from "../api/deliveries.ts";

/** What curl sets by itself. */
const ownHeaders = /^(?:host|content-length|connection|transfer-encoding)$/i;

export type CurlRequest = Omit<DeliveryRequest, "body"> & { readonly body: string | null };

export function curlOf({ url, headers, body }: CurlRequest): string {
  const shown = Object.entries(headers).filter(([name]) => !ownHeaders.test(name));
  return [
    `curl -i ${quote(url)}`,
    ...shown.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quote(body)}`]),
  ].join(" \\\n  ");
}

/** One argument for a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
