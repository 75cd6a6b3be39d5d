/** The processes that share a store. */

/** A process that shares the store with others, or is alone. Each has a new id at each start, and after it was taken for dead. */
export type NodeView = {
  readonly id: string;
  /** As `writeRoles` writes them. */
  readonly roles: string;
  /** Counts the signs of life that it gave. */
  readonly beats: number;
};

/** Stands between who holds a claim and the rest of its token; neither has it. */
export const holderMark = ".";

/** Whoever holds a claim stands in front of its token. */
export function holderPrefix(nodeId: string): string {
  return `${nodeId}${holderMark}`;
}
