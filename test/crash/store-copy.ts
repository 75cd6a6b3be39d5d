/** Looks at what a dead server left on the disk, in a copy, so that the next server finds it as the kill left it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const file = "watchpost.sqlite";

export class StoreCopy {
  readonly #folder = mkdtempSync(join(tmpdir(), "watchpost-crash-copy-"));
  readonly #database: DatabaseSync;

  constructor(dataFolder: string) {
    for (const name of [file, `${file}-wal`]) {
      if (existsSync(join(dataFolder, name))) copyFileSync(join(dataFolder, name), join(this.#folder, name));
    }
    this.#database = new DatabaseSync(join(this.#folder, file));
  }

  /** What SQLite itself finds wrong; empty: nothing. */
  faults(): readonly string[] {
    const findings = this.#rows("PRAGMA integrity_check").map((row) => String(row["integrity_check"]));
    const orphans = this.#rows("PRAGMA foreign_key_check").map((row) => `a row of ${String(row["table"])} points to nothing`);
    return [...findings.filter((finding) => finding !== "ok"), ...orphans];
  }

  /** The webhook ids of what is not settled. */
  unsettled(): ReadonlySet<string> {
    return new Set(this.#rows("select id from deliveries where settled_at is null").map((row) => `msg_${String(row["id"])}`));
  }

  /** By module and id. */
  records(): ReadonlyMap<string, { readonly value: number; readonly isDeleted: boolean }> {
    return new Map(
      this.#rows("select module, id, data, deleted_at from records").map((row) => {
        const data: unknown = JSON.parse(String(row["data"]));
        const value = Number(Reflect.get(Object(data), "Description"));
        return [`${String(row["module"])} ${String(row["id"])}`, { value, isDeleted: row["deleted_at"] !== null }];
      }),
    );
  }

  /** When each channel ends, by its client's id. */
  channels(): ReadonlyMap<string, number> {
    return new Map(
      this.#rows("select channel_id, expires_at from channels").map((row) => [String(row["channel_id"]), Number(row["expires_at"])]),
    );
  }

  [Symbol.dispose](): void {
    this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #rows(query: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#database.prepare(query).all();
  }
}
