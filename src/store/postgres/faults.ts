/** Which of PostgreSQL's errors, and of its connection's, are faults of the store; in words for the log, without a secret. */
import { StoreFault } from "../store-fault.ts";

type Words = { readonly words: string; readonly retryable: boolean; readonly isConflict?: boolean };

const unreachable: Words = { words: "the database cannot be reached", retryable: true };
const full: Words = { words: "the database's disk is full", retryable: true };
const conflict: Words = { words: "the database gave the transaction up for another's sake", retryable: true, isConflict: true };
const refused: Words = { words: "the database refuses the user or the password", retryable: false };
const damaged: Words = { words: "the database is damaged", retryable: false };

const readOnly = "25006";

/** Whether the error says that the transaction was begun to read, and somebody wrote: no fault of the store's, if it was. */
export function isWriteInRead(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === readOnly;
}

/** By SQLSTATE, or by its class where every member says the same. */
const states: Readonly<Record<string, Words>> = {
  "08": unreachable,
  "28": refused,
  "40": conflict,
  "53": { words: "the database lacks memory or connections", retryable: true },
  "53100": full,
  "55P03": { words: "another transaction holds what this one waited for", retryable: true },
  "57014": { words: "the database took too long", retryable: true },
  "57P01": unreachable,
  "57P02": unreachable,
  "57P03": { words: "the database is starting or stopping", retryable: true },
  "57P05": unreachable,
  "58": { words: "the database's disk fails", retryable: true },
  [readOnly]: { words: "the database takes no writes", retryable: true },
  "25P03": { words: "the transaction stood still for too long", retryable: true },
  "3D000": { words: "there is no such database", retryable: false },
  XX001: damaged,
  XX002: damaged,
};

/** What the system and the driver say of a connection that is not there, or not any more. */
const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
const connectionWords =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/;

/** The error as a StoreFault if it is one, else as it is. */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreFault) return error;
  const found = wordsOf(error);
  if (found === undefined) return error;
  const { words, ...kind } = found;
  return new StoreFault(words, { ...kind, cause: error });
}

/** What a commit came to whose answer was lost: it may have been kept. */
export function unknownCommit(fault: unknown): StoreFault {
  return new StoreFault("the database was lost during a commit, which may have been kept", { retryable: true, cause: fault });
}

/** What the server says of a commit that it made while it gave up waiting for the replica that is to have it too: a failover would lose it. */
export const warning = "01000";

/** What a commit came to of which nobody knows whether the replica has it. */
export function commitAlone(): StoreFault {
  return new StoreFault("the database has committed, and its replica may not have", { retryable: true });
}

/** Whether the connection is of no use any more. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A server that takes no writes has become a standby: the next connection may lead to the one that does.
  return wordsOf(error) === unreachable || ["25P03", readOnly].includes(codeOf(error));
}

function wordsOf(error: Error): Words | undefined {
  const code = codeOf(error);
  if (connectionCodes.has(code) || connectionWords.test(error.message)) return unreachable;
  // A state of SQL has five characters; what the system says has other words.
  return /^[0-9A-Z]{5}$/.test(code) ? (states[code] ?? states[code.slice(0, 2)]) : undefined;
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
