/** Which receivers share a host: the part of a notify_url that one circuit and one pool of connections stand for. */

/** Scheme, host and port; the text itself when it is no URL, which then shares with nothing else. */
export function originOf(notifyUrl: string): string {
  return URL.parse(notifyUrl)?.origin ?? notifyUrl;
}
