/** Where in the console one is. The address is the only state of it: back, forward, reload and a link sent to a colleague all work. */
import { useCallback, useSyncExternalStore } from "react";
import type { QueryCodec } from "./query-state.ts";

export const base = "/console";

export type Place = { readonly path: string; readonly search: string };

const listeners = new Set<() => void>();
let place = readPlace();

globalThis.addEventListener("popstate", moved);

/** Goes to a place such as `/deliveries?status=dead`. `replace` leaves no step to go back to: for filters as they are typed. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const address = hrefOf(to);
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  moved();
  if (!replace && !to.startsWith("?")) scrollTo(0, 0);
}

/** The address of a place, for `href`. A place that begins with `?` is the same page. */
export function hrefOf(to: string): string {
  return to.startsWith("?") ? base + place.path + to : base + to;
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

/** The codec's part of the address, and what changes it. A change is a step to go back to, unless it replaces. */
export function useQueryState<Name extends string>(codec: QueryCodec<Name>) {
  const { path, search } = usePlace();
  const set = useCallback(
    (change: Partial<Readonly<Record<Name, string>>>, options: { readonly replace?: boolean } = {}) => {
      const next = codec.write(place.search, change);
      if (next !== place.search) navigate(place.path + next, { ...options, replace: options.replace ?? false });
    },
    [codec],
  );
  return { state: codec.read(search), set, path };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function moved(): void {
  place = readPlace();
  for (const listener of listeners) listener();
}

function readPlace(): Place {
  const { pathname, search } = globalThis.location;
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
  return { path: path === "" ? "/" : path, search };
}
