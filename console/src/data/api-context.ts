/** What every page is given: the client, the session, and whether the stream is open. */
import { createContext, use } from "react";
import type { Session } from "../api/access.ts";
import type { Client } from "../api/client.ts";
import type { Crm } from "../api/crm.ts";
import type { DeliveryEvent } from "../api/server-state.ts";
import type { LiveState } from "./live-stream.ts";

export type Api = {
  readonly client: Client;
  readonly session: Session;
  readonly live: LiveState;
  /** The newest attempts that the stream told of, the newest first. */
  readonly tail: readonly DeliveryEvent[];
  readonly crmOf: (org: string) => Crm;
};

export const ApiContext = createContext<Api | null>(null);

export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) throw new Error("a page stands outside the session");
  return api;
}

const pollMs = 5_000;

/** How often to ask anew by oneself: never while the stream tells of everything. */
export function usePollMs(): number | false {
  return useApi().live === "live" ? false : pollMs;
}
