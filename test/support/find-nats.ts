/** Finds the server of NATS on this machine. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where Debian has it, which is not on everybody's path. */
const debianFolder = "/usr/sbin";

/** The program; null: it is not on this machine. */
export function findNats(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(":"), debianFolder].filter((folder) => folder !== "");
  const found = folders.find((folder) => existsSync(join(folder, "nats-server")));
  return found === undefined ? null : join(found, "nats-server");
}
