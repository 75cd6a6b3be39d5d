/** What the thread behind the boundary is at; whoever looks from outside learns where one that does not answer hangs. */
export const writerStages = ["idle", "running", "committing"] as const;
export type WriterStage = (typeof writerStages)[number];
