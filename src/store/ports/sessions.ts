/** Sessions of the console: who holds the id behind the digest has signed in with an admin token. */
import type { Awaitable } from "../store.ts";

export type ConsoleSession = {
  readonly digest: string;
  /** Of the admin token that it was signed in with. */
  readonly tokenDigest: string;
  readonly createdAt: number;
  readonly usedAt: number;
};

export type SessionRows = {
  /** Adds a session, and drops all but the `keep` used last. */
  insert(session: ConsoleSession, keep: number): Awaitable<void>;
  byDigest(digest: string): Awaitable<ConsoleSession | null>;
  touch(digest: string, usedAt: number): Awaitable<void>;
  remove(digest: string): Awaitable<void>;
};
