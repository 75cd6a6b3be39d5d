/** What `doctor` looks at on this machine: the runtime, the variables, the data folder and its disk. */
import { closeSync, constants, accessSync, existsSync, fsyncSync, openSync, rmSync, statSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";
import { connectionRows } from "../../config/connection-options.ts";
import { optionRows } from "../../config/options.ts";
import { readOptions } from "../../config/read-options.ts";
import type { Environment, GivenFlags } from "../../config/read-options.ts";
import type { Clock } from "../../core/clock.ts";
import { isInUse, storeFileOf } from "../../store/sqlite/backup.ts";
import type { Check } from "./check.ts";
import { failure, good, warning } from "./check.ts";

const nodeMajorMin = 24;
const mebibyte = 1024 * 1024;
const freeBytesWarn = 1024 * mebibyte;
const freeBytesFail = 100 * mebibyte;
const fsyncsMeasured = 40;
const fsyncBytes = 4_096;
const fsyncMsWarn = 20;
/** For the group and for others. */
const foreignModes = 0o077;

export function runtimeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= nodeMajorMin) return good("runtime", `Node ${process.versions.node}`);
  return failure(
    "runtime",
    `Node ${process.versions.node}`,
    `Use Node ${String(nodeMajorMin)} or later; \`npm ci\` brings it to a checkout.`,
  );
}

/** The variables that are set, as `serve` would read them beside the flags; their values are not shown. */
export function configCheck(environment: Environment, flags: GivenFlags = {}): Check {
  const given = Object.keys(environment).filter((name) => name.startsWith("WATCHPOST_") && (environment[name] ?? "").trim() !== "");
  const read = readOptions("serve", { flags, environment });
  if (!read.ok) return failure("config", read.error, "Correct the option or its variable; docs/configuration.md says what each may be.");
  const known = new Set<string>([...optionRows().map(({ option }) => option.environment), ...connectionRows.map((row) => row.environment)]);
  const strays = given.filter((name) => !known.has(name) && !ofExec.includes(name));
  if (strays.length > 0) {
    return warning(
      "config",
      `no option reads ${strays.join(", ")}`,
      "Look for a slip in the name; docs/configuration.md lists the variables.",
    );
  }
  const sources = [...given, ...Object.keys(flags)];
  return good("config", sources.length === 0 ? "no variable is set, so every option has its default" : `read from ${sources.join(", ")}`);
}

/** What `dev --exec` sets for its command besides. */
const ofExec = [
  "WATCHPOST_BASE_URL",
  "WATCHPOST_ACCOUNTS_URL",
  "WATCHPOST_CLIENT_ID",
  "WATCHPOST_CLIENT_SECRET",
  "WATCHPOST_REFRESH_TOKEN",
];

/** `isNamed`: the folder was named, so it has to be there. */
export function folderChecks(folder: string, { isNamed, clock }: { readonly isNamed: boolean; readonly clock: Clock }): readonly Check[] {
  if (!existsSync(folder)) {
    if (!isNamed) return [good("data folder", `${folder} is not there; a server makes it`)];
    return [failure("data folder", `${folder} is not there`, "Name the folder of the server with --data or WATCHPOST_DATA.")];
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    // Expected: the folder belongs to another user.
    return [failure("data folder", `${folder} cannot be written`, "Run as the user who owns it, or give it to this one with chown.")];
  }
  return [folderCheck(folder), spaceCheck(folder), fsyncCheck(folder, clock)];
}

function folderCheck(folder: string): Check {
  const mode = statSync(folder).mode & 0o777;
  if ((mode & foreignModes) !== 0) {
    const detail = `other users may look into ${folder} (mode ${mode.toString(8)}), which holds secrets`;
    return warning("data folder", detail, `chmod 700 ${folder}`);
  }
  const file = storeFileOf(folder);
  const size = existsSync(file) ? `a store of ${sizeText(statSync(file).size)}` : "no store yet";
  return good("data folder", `${folder}: ${size}, ${isInUse(folder) ? "in use by a server" : "used by no server"}`);
}

function spaceCheck(folder: string): Check {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const advice = "Make room, or move the folder to a larger disk; a full disk refuses writes and loses nothing that was acknowledged.";
  if (free < freeBytesFail) return failure("disk space", `${sizeText(free)} free`, advice);
  return free < freeBytesWarn ? warning("disk space", `${sizeText(free)} free`, advice) : good("disk space", `${sizeText(free)} free`);
}

/** Writes and syncs a few blocks, as a commit does. */
function fsyncCheck(folder: string, clock: Clock): Check {
  const file = path.join(folder, `fsync-check-${String(process.pid)}`);
  const block = Buffer.alloc(fsyncBytes);
  const descriptor = openSync(file, "wx", 0o600);
  const startedAt = clock.now();
  try {
    for (let count = 0; count < fsyncsMeasured; count += 1) {
      writeSync(descriptor, block);
      fsyncSync(descriptor);
    }
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
  const meanMs = (clock.now() - startedAt) / fsyncsMeasured;
  const detail = `${meanMs.toFixed(2)} ms a sync, the mean of ${String(fsyncsMeasured)}`;
  if (meanMs <= fsyncMsWarn) return good("disk speed", detail);
  return warning("disk speed", detail, "Every commit waits for one: use a local disk, not a network file system.");
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * mebibyte ? `${(bytes / 1024 / mebibyte).toFixed(1)} GiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;
}
