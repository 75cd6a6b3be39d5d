/** One way to break the engine, and the files of the engine that are broken. */

export type Edit = {
  /** From the root of the checkout. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
};

export type Mutation = {
  /** As docs/delivery.md has it. */
  readonly name: string;
  /** What the broken engine does. */
  readonly what: string;
  readonly edits: readonly Edit[];
};

/** From the root of the checkout. */
export const engineFiles = {
  claim: "src/store/sqlite/claim.ts",
  deliveries: "src/store/sqlite/deliveries.ts",
  lines: "src/store/sqlite/record-lines.ts",
  handOut: "src/app/hand-out.ts",
  keep: "src/app/keep-channel.ts",
  executor: "src/app/executor.ts",
  notify: "src/app/notify.ts",
  channel: "src/core/channel.ts",
  delivery: "src/core/delivery.ts",
  dispatcher: "src/dispatch/dispatcher.ts",
  lanes: "src/dispatch/lanes.ts",
  inHand: "src/store/sqlite/in-hand.ts",
  laneRows: "src/store/sqlite/lanes.ts",
  hand: "src/core/hand.ts",
} as const;

/** The text after the edit; null when what it changes is not there, or is there more than once. */
export function edited(text: string, { find, replace }: Edit): string | null {
  const parts = text.split(find);
  return parts.length === 2 ? parts.join(replace) : null;
}
