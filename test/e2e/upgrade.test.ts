/** Stores of earlier versions (test/fixtures), opened by today's program while clients write: nothing that was there is lost, and what was owed is sent. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { readSource, repositoryRoot, listFiles } from "../../tools/repository.ts";
import { type Client, signIn } from "../support/client.ts";
import { adminTokenOfStore } from "../support/full-store.ts";
import { textAt } from "../support/json.ts";
import { TemporaryFolder, WatchpostProcess } from "../support/process.ts";
import { type Callback, Receiver } from "../support/receiver.ts";
import { credentialsOf } from "../support/seeds.ts";
import { lengthenChannels, owedIn, pointChannels, rowsIn, type StoreRow } from "../support/store-file.ts";

const fixtures = listFiles().filter((file) => /^test\/fixtures\/store-\d+\.sqlite\.gz$/.test(file));

const kept: Readonly<Record<string, string>> = {
  records:
    "select org, module, id, data, created_at, created_by, deleted_at from records where module <> 'Leads' or deleted_at is not null order by 1, 2, 3",
  channels:
    "select org, key, user_id, channel_id, token, secret, previous_secret, subscriptions, created_at from channels where channel_id <> '0' order by key",
  changes: "select org, id, module, record_id, operation, changed_fields, at, by from changes order by 1, 2",
  settled:
    "select org, id, channel_key, record_ids, status, attempts, settled_at from deliveries where settled_at is not null order by 1, 2",
  attempts: "select org, delivery_id, number, outcome, http_status, error, response_body from attempts order by 1, 2, 3",
  access: "select org, digest, client_id, user_id, scopes from refresh_tokens order by 1, 2",
  metadata: "select org, module, sequence, api_name, label from custom_fields order by 1, 2, 3",
};

/** By table, what has to be there afterwards too. */
function keptIn(dataFolder: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(kept).map(([name, query]) => [name, rowsIn(dataFolder, query).map((row) => JSON.stringify(row))]),
  );
}

function unpack(file: string, folder: TemporaryFolder): string {
  writeFileSync(path.join(folder.path, "watchpost.sqlite"), gunzipSync(readFileSync(path.join(repositoryRoot, file))));
  return folder.path;
}

function webhookId({ headers }: Callback): string {
  return String(headers["webhook-id"]);
}

/** Clients that write one after another until they are told to stop; gives what was acknowledged. */
class Writers {
  #isOver = false;
  readonly #loops: readonly Promise<void>[];
  readonly ids: string[] = [];

  constructor(client: Client, count: number) {
    this.#loops = Array.from({ length: count }, async () => {
      while (!this.#isOver) this.ids.push(await client.insert("Leads", { Last_Name: "Written at once" }));
    });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }
}

describe("a store of an earlier version", () => {
  for (const file of fixtures) {
    test(`${path.basename(file)} is brought up to date under load: all is kept, and what was owed arrives under its webhook-id, once`, async () => {
      using folder = new TemporaryFolder();
      await using receiver = await Receiver.start();
      const data = unpack(file, folder);
      pointChannels(data, receiver);
      lengthenChannels(data, Date.now());
      const before = keptIn(data);
      for (const [name, rows] of Object.entries(before)) assert.ok(rows.length > 0, name);
      const owed = owedIn(data, Date.now());
      assert.ok(owed.length >= 5, String(owed.length));
      const secrets = new Map(
        rowsIn(data, "select channel_id, secret from channels where org = 1").map((row: StoreRow) => [
          row["channel_id"],
          String(row["secret"]),
        ]),
      );

      const words = ["serve", "--data", data, "--port", "0", "--json", "--allow-target", "127.0.0.0/8"];
      await using server = new WatchpostProcess([...words, "--keep-history", "3650d", "--keep-dead", "3650d"], {
        environment: { WATCHPOST_ADMIN_TOKEN: adminTokenOfStore },
      });
      const client = await signIn(textAt(JSON.parse(await server.firstLine()), "base_url"), credentialsOf("acme"));
      const writers = new Writers(client, 8);
      const heard: Callback[] = [];
      // Each of them writes again after its first.
      while (writers.ids.length <= 8) heard.push(await receiver.next());
      while (owed.some((id) => !heard.some((callback) => webhookId(callback) === id))) heard.push(await receiver.next());
      await writers.stop();
      const recordsHeard = (): ReadonlySet<string> =>
        new Set(heard.flatMap(({ body }) => (Reflect.get(Object(body), "ids") ?? []) as string[]));
      for (let missing = writers.ids; missing.length > 0; missing = writers.ids.filter((id) => !recordsHeard().has(id))) {
        heard.push(await receiver.next());
      }
      const { code, stderr } = await server.kill("SIGTERM");
      assert.equal(code, 0, stderr);

      for (const id of owed) assert.equal(receiver.received.filter((callback) => webhookId(callback) === id).length, 1, id);
      const failing = receiver.received.filter(({ target }) => target.startsWith("/failing"));
      const names = failing.map(({ body }) => textAt(body, "affected_values", 0, "values", "Last_Name"));
      assert.deepEqual(
        names.filter((name) => /^\d$/.test(name)),
        ["1", "2", "3"],
        "what waited behind a failure comes in the order of the writes",
      );
      for (const callback of failing) {
        assert.doesNotThrow(() => new Webhook(secrets.get("2") ?? "").verify(callback.text, callback.headers as Record<string, string>));
      }
      const after = keptIn(data);
      for (const [name, rows] of Object.entries(before)) {
        const there = new Set(after[name]);
        assert.deepEqual(
          rows.filter((row) => !there.has(row)),
          [],
          name,
        );
      }
      assert.equal(
        rowsIn(
          data,
          "select 1 from deliveries where settled_at is null and status <> 'waiting' and channel_key in (select key from channels where state = 'active')",
        ).length,
        0,
      );
    });
  }

  test("there is a fixture of the first schema and one of the newest, and the page of the fixtures names each", () => {
    const page = readSource("test/fixtures/README.md").text;
    const newest = listFiles()
      .flatMap((file) => /^src\/store\/sqlite\/migrations\/(\d+)-/.exec(file)?.[1] ?? [])
      .toSorted()
      .at(-1);
    for (const number of ["0001", newest ?? ""]) assert.ok(fixtures.includes(`test/fixtures/store-${number}.sqlite.gz`), number);
    for (const file of fixtures) assert.ok(page.includes(path.basename(file)), file);
  });
});
