/** Orgs with what describes them: users, and the sequences their ids come from. */
import type { Org, OrgKey, User } from "../../core/org.ts";
import type { Awaitable } from "../store.ts";

/** What a sequence numbers; `channel` is one for the whole store (org 0). */
export type SequenceName = "record" | "user" | "module" | "field" | "pick_list" | "channel" | "token";

export type OrgRows = {
  insertOrg(org: Omit<Org, "key">): Awaitable<Org>;
  orgByKey(key: OrgKey): Awaitable<Org | null>;
  /** By ascending key. */
  allOrgs(): Awaitable<readonly Org[]>;
  orgByZgid(zgid: string): Awaitable<Org | null>;
  /** Takes `count` numbers; gives the first. A sequence starts at `start` when it is first used. */
  takeNumbers(taken: { org: OrgKey; name: SequenceName; start: number; count: number }): Awaitable<number>;

  /** Holds the orgs, where several may write in one: what the transaction reads of them from now on stays so until its commit. */
  hold(orgs: readonly OrgKey[]): Awaitable<void>;
  /**
   * A number that grows with each change, by any process, to what a Home is read from: users, channels, modules, fields. A transaction that means
   * to write holds the org from then on; what it changes itself shows in `raisedEpochs` alone.
   */
  epoch(org: OrgKey): Awaitable<number>;
  /** A number that grows whenever a token of the org is ended or a user changed; null: by this process alone. Does not take the org. */
  accessEpoch(org: OrgKey): Awaitable<number | null>;
  /** The epochs that come with the commit: of the orgs of which this transaction changed such. */
  raisedEpochs(): ReadonlyMap<OrgKey, number>;

  insertUser(org: OrgKey, user: User): Awaitable<void>;
  updateUser(org: OrgKey, user: User): Awaitable<void>;
  /** By ascending id. */
  usersOf(org: OrgKey): Awaitable<readonly User[]>;
  countUsers(org: OrgKey): Awaitable<number>;

  /** Notes that the seed's record with this digest was made; false when it had been before. */
  markSeeded(org: OrgKey, digest: string): Awaitable<boolean>;
};
