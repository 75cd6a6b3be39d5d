/**
 * A PostgreSQL server of the test's own: one a test process, on a free port, in a temporary folder, without fsync; and a fresh database a test,
 * copied from one whose schema is made once. It is ended by its process, at the end of the file.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { findPostgres } from "./find-postgres.ts";
import { freePort } from "./free-port.ts";

export const databaseUser = "watchpost";
/** To be looked for in what must not say it. */
export const databasePassword = "pass-of-the-tests";

const haltSignals = { fast: "SIGINT", crash: "SIGQUIT", kill: "SIGKILL" } as const;

type ServerParts = {
  readonly programs: string;
  readonly owner: Owner;
  readonly folder: string;
  readonly port: number;
  readonly settings: readonly string[];
};

const inStepLookMs = 50;

export class PostgresServer {
  readonly #programs: string;
  readonly #owner: Owner;
  readonly #folder: string;
  readonly #port: number;
  readonly #settings: readonly string[];
  #process: ChildProcess | null = null;
  #template: Promise<string> | null = null;
  #databases = 0;

  private constructor(parts: ServerParts) {
    this.#programs = parts.programs;
    this.#owner = parts.owner;
    this.#folder = parts.folder;
    this.#port = parts.port;
    this.#settings = parts.settings;
  }

  /** `settings`: more of them, each as `name=value`. */
  static async start(settings: readonly string[] = []): Promise<PostgresServer> {
    const programs = findPostgres();
    assert.ok(programs !== null, "PostgreSQL is not on this machine");
    const owner = ownerOf();
    const folder = mkdtempSync(join(tmpdir(), "watchpost-postgres-"));
    writeFileSync(join(folder, "password"), databasePassword);
    for (const path of [folder, join(folder, "password")]) if (owner !== null) chownSync(path, owner.uid, owner.gid);
    const words = ["-D", join(folder, "data"), "-U", databaseUser, "--auth", "scram-sha-256", "--pwfile", join(folder, "password")];
    execFileSync(join(programs, "initdb"), [...words, "--no-sync", "--encoding", "UTF8", "--no-locale"], {
      ...owner,
      cwd: folder,
      stdio: "pipe",
    });
    return PostgresServer.#begin({ programs, owner, folder, port: await freePort(), settings });
  }

  static async #begin(parts: ServerParts): Promise<PostgresServer> {
    const server = new PostgresServer(parts);
    // A test process that ends before its time takes the server along.
    process.once("exit", () => {
      server.#process?.kill("SIGQUIT");
      rmSync(parts.folder, { recursive: true, force: true });
    });
    await server.run();
    return server;
  }

  /** Makes a server that follows this one. What is committed here from then on is there too before anybody hears that it is. */
  async follower(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "watchpost-postgres-"));
    if (this.#owner !== null) chownSync(folder, this.#owner.uid, this.#owner.gid);
    const data = join(folder, "data");
    const from = ["-h", "127.0.0.1", "-p", String(this.#port), "-U", databaseUser];
    await promisify(execFile)(
      join(this.#programs, "pg_basebackup"),
      [...from, "-D", data, "--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast", "--no-sync"],
      { ...this.#owner, cwd: folder, env: { ...process.env, PGPASSWORD: databasePassword } },
    );
    // It follows, and has none that follows it.
    appendFileSync(join(data, "postgresql.auto.conf"), "synchronous_standby_names = ''\n");
    const parts = { programs: this.#programs, owner: this.#owner, settings: this.#settings };
    const follower = await PostgresServer.#begin({ ...parts, folder, port: await freePort() });
    await query(this.url("postgres"), "alter system set synchronous_standby_names = '*'");
    const inStep = "select 1 from pg_stat_replication where sync_state = 'sync'";
    await query(this.url("postgres"), "select pg_reload_conf()");
    while ((await query(this.url("postgres"), inStep)).length === 0) await wait(inStepLookMs);
    return follower;
  }

  /** Makes a server that follows go on by itself. */
  async promote(): Promise<void> {
    await query(this.url("postgres"), "select pg_promote()");
  }

  url(database: string, password = databasePassword): string {
    return `postgres://${databaseUser}:${password}@127.0.0.1:${String(this.#port)}/${database}`;
  }

  /** The server's first process, whose children are all the others. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the server process, which `halt` ended. */
  async run(): Promise<void> {
    const settings = [
      `port=${String(this.#port)}`,
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      "fsync=off",
      ...this.#settings,
    ];
    const words = settings.flatMap((setting) => ["-c", setting]);
    const child = spawn(join(this.#programs, "postgres"), ["-D", join(this.#folder, "data"), ...words], {
      ...this.#owner,
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      said.push(line);
      if (line.includes("ready to accept")) break;
    }
    assert.ok(child.exitCode === null && said.at(-1)?.includes("ready") === true, said.join("\n"));
    child.stderr.resume();
  }

  get port(): number {
    return this.#port;
  }

  /**
   * Ends the server process, its connections with it; the data stays. `crash`: as if it had died, so that it has to recover from its log; `kill`: it does, and
   * its children end when they see that, so that it may not be run again at once.
   */
  async halt(how: keyof typeof haltSignals = "fast"): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(haltSignals[how]);
    await ended;
  }

  /** Kills one of the server's children, as the system does that is out of memory. */
  killBackend(pid: number): void {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Expected: it has ended by itself.
    }
  }

  /** Makes an empty database with the schema in it; gives its URL. */
  async database(): Promise<string> {
    this.#template ??= this.#makeTemplate();
    return this.#create(await this.#template);
  }

  /** Makes a database without a schema; gives its URL. */
  bareDatabase(): Promise<string> {
    return this.#create("template1");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.halt();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #makeTemplate(): Promise<string> {
    const url = await this.bareDatabase();
    await (await openPostgresStore({ url })).close();
    return new URL(url).pathname.slice(1);
  }

  async #create(template: string): Promise<string> {
    const name = `test_${String(++this.#databases)}`;
    await query(this.url("postgres"), `create database ${name} template ${template}`);
    return this.url(name);
  }
}

/** Runs one statement on a connection of its own; gives its rows. */
export async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

type Owner = { readonly uid: number; readonly gid: number } | null;

/** The server runs for no superuser; where the tests do, it gets the user that its package made. null: as we run. */
function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}
