/**
 * What is read at nearly every command and changes seldom, kept in memory an org: its catalog and users; and its watchers, which only those ask for
 * who match. The store is the truth: use cases change both in one step, and whatever fails makes the whole directory be read again.
 *
 * An org may have a million channels. They are read in steps, in the order of their keys, and a change of a channel is noted meanwhile, read or not.
 */
import type { Catalog } from "../core/catalog.ts";
import type { Id } from "../core/ids.ts";
import { type Org, type OrgKey, type User, fullName } from "../core/org.ts";
import { limits } from "../core/limits.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { Tx } from "../store/store.ts";
import { type IndexedChannel, WatcherIndex } from "./watcher-index.ts";

export type Home = {
  readonly org: Org;
  readonly catalog: Catalog;
  /** By ascending id. */
  readonly users: Map<Id, User>;
};

/** The watchers of an org, as far as they have been read. */
type Reading = {
  readonly watchers: WatcherIndex;
  afterKey: number;
  isComplete: boolean;
  /** Not in steps: others changed channels before all were read, and may do so again. */
  readonly isAtOnce: boolean;
};

/** An org as it was at its epoch. */
type Known = { readonly home: Home; readonly reading: Reading; readonly epoch: number };

export class Directory {
  readonly #homes = new Map<OrgKey, Known>();

  /** The org's part; throws when there is no such org, for a key comes only from a token of the org. */
  async home(tx: Tx, org: OrgKey): Promise<Home> {
    return (await this.#known(tx, org)).home;
  }

  /** Who watches what in the org; what has not been read yet is read now. */
  async watchers(tx: Tx, org: OrgKey): Promise<WatcherIndex> {
    const { reading } = await this.#known(tx, org);
    while (!reading.isComplete) await readOn(tx, org, { reading, limit: limits.channelsPerReadMax });
    return reading.watchers;
  }

  /** Reads so many more of the org's watchers, unless they are there; gives whether they are. */
  async readWatchers(tx: Tx, org: OrgKey, limit: number): Promise<boolean> {
    const { reading } = await this.#known(tx, org);
    if (reading.isAtOnce) await this.watchers(tx, org);
    else if (!reading.isComplete) await readOn(tx, org, { reading, limit });
    return reading.isComplete;
  }

  /** Notes what a channel is from now on. */
  async noteChannel(tx: Tx, org: OrgKey, channel: IndexedChannel): Promise<void> {
    (await this.#known(tx, org)).reading.watchers.put(channel);
  }

  /** Notes that a channel is there no more. */
  async noteGone(tx: Tx, org: OrgKey, channelKey: number): Promise<void> {
    (await this.#known(tx, org)).reading.watchers.remove(channelKey);
  }

  /** Forgets one org. */
  forget(org: OrgKey): void {
    this.#homes.delete(org);
  }

  /** Reads the org's modules and fields again, which changed; its users and watchers stay. */
  async renewCatalog(tx: Tx, org: OrgKey): Promise<void> {
    const known = this.#homes.get(org);
    if (known === undefined) return;
    const { home, reading } = known;
    const catalog = await readCatalog(tx, home.org);
    reading.watchers.follow(catalog);
    this.#homes.set(org, { ...known, home: { ...home, catalog } });
  }

  /**
   * Goes along with a commit that changed these orgs' Homes, whose use cases changed what is known of them too. What was known as of an earlier epoch
   * than the commit found stays as old as it is: nobody looked at the Home in it, and what another process had changed before is not in there.
   */
  follow(epochs: ReadonlyMap<OrgKey, number>): void {
    for (const [org, epoch] of epochs) {
      const known = this.#homes.get(org);
      if (known?.epoch === epoch - 1) this.#homes.set(org, { ...known, epoch });
    }
  }

  /** Forgets all: after a fault, memory may hold what the store undid. */
  clear(): void {
    this.#homes.clear();
  }

  async #known(tx: Tx, org: OrgKey): Promise<Known> {
    // Another process may have changed it since.
    const epoch = await tx.orgs.epoch(org);
    const before = this.#homes.get(org);
    if (before?.epoch === epoch) return before;
    const home = await readHome(tx, org);
    const isAtOnce = before?.reading.isComplete === false && before.reading.afterKey > 0;
    const reading = { watchers: new WatcherIndex(home.catalog), afterKey: 0, isComplete: false, isAtOnce };
    const known = { home, reading, epoch };
    this.#homes.set(org, known);
    return known;
  }
}

async function readOn(tx: Tx, org: OrgKey, { reading, limit }: { readonly reading: Reading; readonly limit: number }): Promise<void> {
  const channels = await tx.channels.watching(org, reading.afterKey, limit);
  for (const channel of channels) reading.watchers.put(channel);
  reading.afterKey = channels.at(-1)?.key ?? reading.afterKey;
  reading.isComplete = channels.length < limit;
}

async function readHome(tx: Tx, key: OrgKey): Promise<Home> {
  const org = await tx.orgs.orgByKey(key);
  if (org === null) throw new Error(`invariant broken: there is no org ${key}`);
  const catalog = await readCatalog(tx, org);
  const users = new Map((await tx.orgs.usersOf(key)).map((user) => [user.id, user]));
  return { org, catalog, users };
}

async function readCatalog(tx: Tx, org: Org): Promise<Catalog> {
  const modules = await tx.metadata.modulesOf(org.key);
  const fields = Map.groupBy(await tx.metadata.fieldsOf(org.key), (field) => field.module);
  return buildCatalog({ zgid: org.zgid, modules, fields, modifiedAt: await tx.metadata.touchedAt(org.key) });
}

/** A user as records and answers name one; null when the id names none. */
export function userRef(home: Home, id: Id): { readonly name: string; readonly id: Id; readonly email: string } | null {
  const user = home.users.get(id);
  return user === undefined ? null : { name: fullName(user), id, email: user.email };
}
