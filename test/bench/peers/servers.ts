/** Servers that peers keep their jobs in, each of our own: in a temporary folder, reached over a socket in it, every commit on disk. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { TemporaryFolder } from "../../support/process.ts";

/** A server that runs; `socket` is what clients connect to. */
export class PeerServer implements AsyncDisposable {
  readonly socket: string;
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #folder: TemporaryFolder;

  private constructor(parts: { socket: string; version: string; child: ChildProcess; folder: TemporaryFolder }) {
    this.socket = parts.socket;
    this.version = parts.version;
    this.#child = parts.child;
    this.#folder = parts.folder;
  }

  /** Redis with an append-only file; `appendfsync` says when that reaches the disk. */
  static async startRedis(program: string, appendfsync: "always" | "everysec"): Promise<PeerServer> {
    const folder = new TemporaryFolder();
    const socket = path.join(folder.path, "redis.sock");
    const durable = ["--appendonly", "yes", "--appendfsync", appendfsync, "--save", ""];
    const child = spawn(program, ["--port", "0", "--unixsocket", socket, "--dir", folder.path, ...durable], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await saysReady(child, child.stdout);
    return new PeerServer({ socket, version: versionOf(program), child, folder });
  }

  /** PostgreSQL with fsync and synchronous commits, as it comes. */
  static async startPostgres(programs: string): Promise<PeerServer> {
    const folder = new TemporaryFolder();
    const user = ordinaryUser();
    if (user !== null) chownSync(folder.path, user.uid, user.gid);
    const asUser = { ...user, cwd: folder.path };
    const data = path.join(folder.path, "data");
    execFileSync(path.join(programs, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], {
      ...asUser,
      stdio: "ignore",
    });
    const settings = ["listen_addresses=", "fsync=on", "synchronous_commit=on", "shared_buffers=256MB"].flatMap((setting) => [
      "-c",
      setting,
    ]);
    const program = path.join(programs, "postgres");
    const child = spawn(program, ["-D", data, "-k", folder.path, ...settings], { ...asUser, stdio: ["ignore", "ignore", "pipe"] });
    await saysReady(child, child.stderr);
    return new PeerServer({ socket: folder.path, version: versionOf(program), child, folder });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGINT");
      await ended;
    }
    this.#folder[Symbol.dispose]();
  }
}

/** The program `redis-server`; null when it is not installed. */
export function findRedis(): string | null {
  return programOnPath("redis-server");
}

/** The folder with the programs of PostgreSQL; null when it is not installed. Debian keeps them off the path. */
export function findPostgres(): string | null {
  const onPath = programOnPath("initdb");
  if (onPath !== null) return path.dirname(onPath);
  const installed = globSync("/usr/lib/postgresql/*/bin/initdb").toSorted((one, other) =>
    one.localeCompare(other, "en", { numeric: true }),
  );
  const newest = installed.at(-1);
  return newest === undefined ? null : path.dirname(newest);
}

function programOnPath(name: string): string | null {
  const places = (process.env["PATH"] ?? "").split(path.delimiter).map((folder) => path.join(folder, name));
  return places.find((place) => existsSync(place)) ?? null;
}

/** PostgreSQL refuses to run as root: the user that its package made is taken then. null: whoever runs this. */
function ordinaryUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (entry === null) throw new Error("root may not run PostgreSQL, and there is no user postgres");
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

async function saysReady(child: ChildProcess, output: NodeJS.ReadableStream): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface(output)) {
    said.push(line);
    if (/ready to accept connections/i.test(line)) {
      output.resume();
      return;
    }
  }
  throw new Error(`the server ended with ${String(child.exitCode)}: ${said.slice(-3).join(" ")}`);
}

function versionOf(program: string): string {
  return /\d+(\.\d+)+/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))?.[0] ?? "unknown";
}
