/** Which of SQLite's errors are faults of the store, in words for the log. */
import { StoreFault } from "../store-fault.ts";

/** By primary result code. A damaged file does not mend by itself; the others may pass. */
const faults: Readonly<Record<number, { readonly words: string; readonly retryable: boolean }>> = {
  5: { words: "the database file is locked by another process", retryable: true },
  7: { words: "there is too little memory", retryable: true },
  8: { words: "the database file cannot be written", retryable: true },
  10: { words: "the disk fails", retryable: true },
  11: { words: "the database file is damaged", retryable: false },
  13: { words: "the disk is full", retryable: true },
  14: { words: "the database file cannot be opened", retryable: true },
  26: { words: "the database file is no database", retryable: false },
};

/** The error as a StoreFault if it is one, else as it is. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  // The low byte is the primary code; the rest says more of it.
  const fault = faults[error.errcode & 0xff];
  return fault === undefined ? error : new StoreFault(fault.words, { retryable: fault.retryable, cause: error });
}
