/**
 * What is read at nearly every command and changes seldom, kept in memory an org: its catalog, users and watchers. The store is the
 * truth: use cases change both in one step, and whatever fails makes the whole directory be read again.
 */
import type { Catalog } from "../core/catalog.ts";
import type { Id } from "../core/ids.ts";
import { type Org, type OrgKey, type User, fullName } from "../core/org.ts";
import { buildCatalog } from "../core/standard-catalog.ts";
import type { Tx } from "../store/store.ts";
import { WatcherIndex } from "./watcher-index.ts";

export type Home = {
  readonly org: Org;
  readonly catalog: Catalog;
  /** By ascending id. */
  readonly users: Map<Id, User>;
  readonly watchers: WatcherIndex;
};

/** A Home as it was at an epoch of its org. */
type Known = { readonly home: Home; readonly epoch: number };

export class Directory {
  readonly #homes = new Map<OrgKey, Known>();

  /** The org's part; throws when there is no such org, for a key comes only from a token of the org. */
  async home(tx: Tx, org: OrgKey): Promise<Home> {
    // Another process may have changed it since.
    const epoch = await tx.orgs.epoch(org);
    const known = this.#homes.get(org);
    if (known?.epoch === epoch) return known.home;
    const home = await readHome(tx, org);
    this.#homes.set(org, { home, epoch });
    return home;
  }

  /** Forgets one org. */
  forget(org: OrgKey): void {
    this.#homes.delete(org);
  }

  /** Reads the org's modules and fields again, which changed; its users and watchers stay. */
  async renewCatalog(tx: Tx, org: OrgKey): Promise<void> {
    const known = this.#homes.get(org);
    if (known === undefined) return;
    const { home, epoch } = known;
    const catalog = await readCatalog(tx, home.org);
    home.watchers.follow(catalog);
    this.#homes.set(org, { home: { ...home, catalog }, epoch });
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
}

async function readHome(tx: Tx, key: OrgKey): Promise<Home> {
  const org = await tx.orgs.orgByKey(key);
  if (org === null) throw new Error(`invariant broken: there is no org ${key}`);
  const catalog = await readCatalog(tx, org);
  const users = new Map((await tx.orgs.usersOf(key)).map((user) => [user.id, user]));
  const watchers = new WatcherIndex(catalog);
  for (const channel of await tx.channels.ofOrg(key)) watchers.put(channel);
  return { org, catalog, users, watchers };
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
