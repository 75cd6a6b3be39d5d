/** Whose turn it is among the orgs, and where channels deliver to: what claims of this process remember from one to the next. Losing it costs a turn. */
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";

export class ClaimTurn {
  /** Where the next claim goes on. */
  lastOrg: OrgKey = 0;
  readonly #origins = new Map<number, string>();

  /** A channel's origin as it was last seen: it only spares a look at one whose origin has no room. */
  originOf(channelKey: number): string | undefined {
    return this.#origins.get(channelKey);
  }

  noteOrigin(channelKey: number, origin: string): void {
    if (this.#origins.size >= limits.channelOriginsMax) this.#origins.clear();
    this.#origins.set(channelKey, origin);
  }
}
