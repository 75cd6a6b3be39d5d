/** Finds the programs of PostgreSQL on this machine. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where Debian keeps the programs of each version; elsewhere they are on the path. */
const debianFolder = "/usr/lib/postgresql";

/** The folder of `initdb` and `postgres`, the newest version first; null: they are not on this machine. */
export function findPostgres(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).toSorted((one, other) => Number(other) - Number(one)) : [];
  const folders = [...versions.map((version) => join(debianFolder, version, "bin")), ...(process.env["PATH"] ?? "").split(":")];
  return folders.find((folder) => folder !== "" && existsSync(join(folder, "initdb"))) ?? null;
}
