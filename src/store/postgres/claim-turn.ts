/** Whose turn it is among the orgs: what claims of this process remember from one to the next. Losing it costs a turn. */
import type { OrgKey } from "../../core/org.ts";

export class ClaimTurn {
  /** Where the next claim goes on. */
  lastOrg: OrgKey = 0;
}
