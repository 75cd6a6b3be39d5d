/**
 * `…/console/#token=…` signs in by itself, so that what a terminal prints is one click away from the page. The part behind `#` never reaches a server, and it is taken out
 * of the address, and so out of the history, before anything else happens.
 */
export function takeTokenFromAddress(): string | null {
  const { hash, pathname, search } = globalThis.location;
  const token = new URLSearchParams(hash.slice(1)).get("token");
  if (token !== null) history.replaceState(null, "", pathname + search);
  return token;
}
