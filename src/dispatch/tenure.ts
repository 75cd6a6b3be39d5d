/**
 * What a process that shares the store with others may count on. Its tenure: that the others hold it for alive, and so leave it what it has
 * claimed. And the lead: that it makes the steps which are made once for all. Both may end at any moment, and come again.
 */

export type Tenure = {
  /** Under whose name it claims; null: it is alone. */
  readonly holder: string | null;
  /** Whether what it has claimed is surely its own still. Looked at before anything is begun. */
  holds(): boolean;
  /** Calls `listener` when it holds again; `isNew`: the others had taken the process for dead, and what it had claimed is theirs. */
  onRenewed(listener: (isNew: boolean) => void): void;
};

/** Of the one process that has the store. */
export const endlessTenure: Tenure = { holder: null, holds: () => true, onRenewed: () => undefined };

export type Lead = {
  /** Under whose name the steps are made; null: it is alone. */
  readonly leader: string | null;
  holds(): boolean;
  onGained(listener: () => void): void;
};

export const endlessLead: Lead = { leader: null, holds: () => true, onGained: () => undefined };
