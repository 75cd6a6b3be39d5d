/**
 * NATS servers of the test's own, with JetStream: one, or a cluster of three, on free ports, in a temporary folder. They are ended by their
 * process, at the end of the file.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findNats } from "./find-nats.ts";
import { freePort } from "./free-port.ts";

export const natsUser = "watchpost";
/** To be looked for in what must not say it. */
export const natsPassword = "pass-of-the-broker";

/** Who may use the servers, and how. */
export type NatsDoor = {
  /** Words of the command line. */
  readonly words: readonly string[];
  /** What stands before the host in the URL, with its `@`. */
  readonly login: string;
  readonly scheme: "nats" | "tls";
};

const passwordDoor: NatsDoor = {
  words: ["--user", natsUser, "--pass", natsPassword],
  login: `${natsUser}:${natsPassword}@`,
  scheme: "nats",
};

type Place = { readonly port: number; readonly routePort: number };

export class NatsServers {
  readonly #program: string;
  readonly #folder: string;
  readonly #places: readonly Place[];
  readonly #door: NatsDoor;
  readonly #processes = new Map<number, ChildProcess>();

  private constructor(program: string, folder: string, { places, door }: { readonly places: readonly Place[]; readonly door: NatsDoor }) {
    this.#program = program;
    this.#folder = folder;
    this.#places = places;
    this.#door = door;
  }

  static async start(count: 1 | 3 = 1, door: NatsDoor = passwordDoor): Promise<NatsServers> {
    const program = findNats();
    assert.ok(program !== null, "nats-server is not on this machine");
    const folder = mkdtempSync(join(tmpdir(), "watchpost-nats-"));
    const places: Place[] = [];
    for (let index = 0; index < count; index += 1) places.push({ port: await freePort(), routePort: await freePort() });
    const servers = new NatsServers(program, folder, { places, door });
    // A test process that ends before its time takes the servers along.
    process.once("exit", () => {
      for (const child of servers.#processes.values()) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    });
    await Promise.all(places.map((_, index) => servers.run(index)));
    return servers;
  }

  get ports(): readonly number[] {
    return this.#places.map(({ port }) => port);
  }

  get url(): string {
    return this.urlFor(this.#door.login);
  }

  /** With another login, or none. */
  urlFor(login: string): string {
    return this.#places.map(({ port }) => `${this.#door.scheme}://${login}127.0.0.1:${String(port)}`).join(",");
  }

  /** The processes that run. */
  get pids(): readonly number[] {
    return [...this.#processes.values()].map(({ pid = 0 }) => pid);
  }

  /** Starts a server that was ended. */
  async run(index = 0): Promise<void> {
    const place = this.#places[index];
    assert.ok(place !== undefined);
    // Told of each other's addresses, clients would go past whatever stands between them and a server.
    const address = ["--no_advertise", "-a", "127.0.0.1", "-p", String(place.port)];
    const words = [...address, "-js", "-sd", this.#store(index), "-n", `server-${String(index)}`];
    const child = spawn(this.#program, [...words, ...this.#door.words, ...this.#clusterWords(place)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#processes.set(index, child);
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      said.push(line);
      if (line.includes("Server is ready")) break;
    }
    assert.ok(child.exitCode === null && said.at(-1)?.includes("ready") === true, said.join("\n"));
    child.stderr.resume();
  }

  /** Kills a server; its files stay. */
  async kill(index = 0): Promise<void> {
    const child = this.#processes.get(index);
    this.#processes.delete(index);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Makes a server stand still, or go on. */
  signal(index: number, signal: "SIGSTOP" | "SIGCONT"): void {
    this.#processes.get(index)?.kill(signal);
  }

  /** Removes what a killed server had on its disk. */
  wipe(index = 0): void {
    rmSync(this.#store(index), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#places.map((_, index) => this.kill(index)));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #store(index: number): string {
    return join(this.#folder, `store-${String(index)}`);
  }

  #clusterWords({ routePort }: Place): readonly string[] {
    if (this.#places.length === 1) return [];
    const routes = this.#places.map((place) => `nats-route://127.0.0.1:${String(place.routePort)}`).join(",");
    return ["--cluster_name", "tests", "--cluster", `nats://127.0.0.1:${String(routePort)}`, "--routes", routes];
  }
}
