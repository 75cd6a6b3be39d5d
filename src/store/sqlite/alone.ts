import type { NodeRows } from "../ports/nodes.ts";

/** The one process that has the folder lives as long as it asks, and leads. */
export const aloneNodes: NodeRows = {
  join: () => undefined,
  beat: () => true,
  all: () => [],
  remove: () => null,
  // What was not answered was not committed.
  free: () => 0,
  takeLead: (id) => id,
  giveUpLead: () => undefined,
  holdLead: () => true,
};
