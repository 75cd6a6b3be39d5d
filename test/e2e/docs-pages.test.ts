/**
 * Every command that the pages for newcomers, testers and operators show is run, line by line, against a server that was started as
 * the page says. What differs is what must: addresses, folders, and the token that `dev` prints.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { listFiles, readSource, repositoryRoot } from "../../tools/repository.ts";
import { TemporaryFolder, readReadyLine, startProcess } from "../support/process.ts";
import { BackgroundCommand, Shell, freePort } from "../support/shell.ts";
import type { Substitution } from "../support/shell.ts";

const pages = ["README", "getting-started", "testing-in-ci", "coming-from-a-live-org", "production", "faq"] as const;
type Page = (typeof pages)[number];
/** Pages to look things up in have commands as well. */
type AnyPage = Page | "operations" | "seed-file";
type Block = { readonly language: string; readonly text: string };

/** What is shown and cannot be run as it stands, by how it begins, and why. What a test uses otherwise is said. */
const unrun: readonly { readonly page: Page; readonly begins: string; readonly reason: string }[] = [
  { page: "getting-started", begins: "npm ci", reason: "would install anew under the tests that run beside; CI runs it first" },
  { page: "testing-in-ci", begins: "name: test", reason: "needs the service; its last command is compared with the one that is run" },
  { page: "testing-in-ci", begins: "{", reason: "data; it is the seed file of the command behind it" },
  { page: "production", begins: "git clone", reason: "needs a place to clone from, and npm ci as above" },
  { page: "production", begins: "[Unit]", reason: "needs systemd; its command is run under its variables" },
  { page: "production", begins: "useradd", reason: "needs root and systemd" },
  { page: "production", begins: "server {", reason: "needs nginx; its places are compared with the surfaces of the server" },
  {
    page: "production",
    begins: "create role",
    reason: "needs a server of the reader's; the tests of the shared store make databases of their own",
  },
  {
    page: "production",
    begins: "WATCHPOST_DATABASE_URL",
    reason: "a setting; a server is started under it by test/e2e/shared-store.pg.test.ts",
  },
  {
    page: "production",
    begins: "jetstream {",
    reason: "a setting of NATS; test/contract/broker-access.nats.test.ts asks servers for a user and a password",
  },
  { page: "production", begins: "cd /opt/watchpost\ngit pull", reason: "needs a repository to pull from, and systemd" },
  { page: "production", begins: "systemctl stop", reason: "needs systemd; the move is made by test/e2e/migrate-store.pg.test.ts" },
];

function blocksOf(page: AnyPage): readonly Block[] {
  const found = readSource(`docs/${page}.md`).text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language = "", text = ""]) => ({ language, text }));
}

function blockOf(page: AnyPage, language: string): string {
  const block = blocksOf(page).find((candidate) => candidate.language === language);
  assert.ok(block !== undefined, `docs/${page}.md has no ${language}`);
  return block.text;
}

/** The commands of a page in its order, each with its line of text. */
function commandsOf(page: AnyPage): readonly string[] {
  const shell = blocksOf(page).filter(({ language }) => language === "sh");
  return shell.flatMap(({ text }) => text.split("\n").filter((line) => line !== ""));
}

/** No answer of ours that says no, though curl itself was content. */
function assertNoRefusal(stdout: string, command: string): void {
  assert.doesNotMatch(stdout, /"status":"error"|"error":\{|"error":"/, command);
}

describe("the pages", () => {
  test("whatever block is no command that a test runs is in the table, with a reason, and the table has no other", () => {
    const others = pages.flatMap((page) =>
      blocksOf(page)
        .filter(({ language }) => language !== "sh")
        .map(({ text }) => ({ page, text })),
    );
    const named = others.map(({ page, text }) => unrun.findIndex((row) => row.page === page && text.startsWith(row.begins)));
    assert.deepEqual(
      others.filter((_block, index) => named[index] === -1),
      [],
    );
    assert.equal(new Set(named).size, unrun.length);
  });

  test("the index links every page of the folder", () => {
    const index = readSource("docs/README.md").text;
    const files = listFiles().filter((file) => /^docs\/[\w-]+\.(?:md|json)$/.test(file) && file !== "docs/README.md");
    const left = files.filter((file) => !index.includes(`](${path.basename(file)})`));
    assert.deepEqual(left, []);
    assert.ok(files.length >= 12);
  });

  test("every link leads to a file that is there, and to a heading that it has", () => {
    assert.deepEqual(pages.flatMap(deadLinks), []);
  });
});

/** The links of a page that lead nowhere. */
function deadLinks(page: Page): readonly string[] {
  const links = [...readSource(`docs/${page}.md`).text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    const [file = "", heading] = link.split("#");
    const target = path.join("docs", file === "" ? `${page}.md` : file);
    if (!existsSync(path.join(repositoryRoot, target))) return true;
    return heading !== undefined && !headingsOf(readSource(target).text).has(heading);
  });
}

/** The headings as a link names them. */
function headingsOf(text: string): ReadonlySet<string> {
  const lines = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title);
  return new Set(
    lines.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** A page whose commands go to a `dev` that was started by the page's own line, or by the one of getting-started. */
class DevPage {
  readonly #shell: Shell;
  readonly #server: BackgroundCommand;
  readonly #settle: () => Promise<void>;

  private constructor(shell: Shell, server: BackgroundCommand, settle: () => Promise<void>) {
    this.#shell = shell;
    this.#server = server;
    this.#settle = settle;
  }

  static async start(folder: TemporaryFolder, command: string, more: readonly Substitution[] = []): Promise<DevPage> {
    const data = path.join(folder.path, "data");
    const starting = Shell.in(folder, repositoryRoot);
    const server = new BackgroundCommand(starting, `${command} --port 0 --json --data ${data}`);
    const { baseUrl, adminToken } = readReadyLine(await server.firstLine());
    const shell = Shell.in(folder, repositoryRoot, [["http://127.0.0.1:8585", baseUrl], ["PASTE_THE_ADMIN_TOKEN", adminToken], ...more]);
    const settle = async (): Promise<void> => {
      const headers = { authorization: `Bearer ${adminToken}` };
      const moved = await fetch(`${baseUrl}/api/v1/clock`, { method: "POST", headers, body: '{"advance":"0s"}' });
      assert.equal(moved.status, 200);
    };
    return new DevPage(shell, server, settle);
  }

  /** Runs one command; before one that looks, what is due is done, as it is for a reader who takes a second to type. */
  async run(command: string): Promise<string> {
    if (command.includes("/api/v1/")) await this.#settle();
    const stdout = await this.#shell.run(command);
    assertNoRefusal(stdout, command);
    return stdout;
  }

  background(command: string): BackgroundCommand {
    return new BackgroundCommand(this.#shell, command);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }
}

const devCommand = "npm run -s watchpost -- dev";

test("getting-started: the inbox has the first notification, and a receiver of one's own the second", async () => {
  using folder = new TemporaryFolder();
  const [start, adminToken, token, edit, inbox, listen, subscribe, editAgain, log, ...rest] = commandsOf("getting-started");
  assert.deepEqual(rest, []);
  assert.equal(start, devCommand);
  await using page = await DevPage.start(folder, start, [["9000", String(await freePort())]]);
  await page.run(adminToken ?? "");
  await page.run(token ?? "");
  assert.match(await page.run(edit ?? ""), /"message":"record updated"/);
  const messages = await page.run(inbox ?? "");
  assert.match(messages, /"checks":\{"signature":"ok","token":"ok","id_seen_before":false\}/);
  await using receiver = page.background(listen ?? "");
  assert.equal(await receiver.firstLine(), "listening");
  assert.match(await page.run(subscribe ?? ""), /"code":"SUCCESS"/);
  await page.run(editAgain ?? "");
  const delivered = await page.run(log ?? "");
  assert.match(delivered, /"status":"delivered","attempts_made":1/);
  assert.match(receiver.stdout, /"operation":"update","channel_id":"1000000068001","token":"my-secret"/);
});

test("coming-from-a-live-org: the token's answer names the server's own origin", async () => {
  using folder = new TemporaryFolder();
  await using page = await DevPage.start(folder, devCommand);
  const [token, ...rest] = commandsOf("coming-from-a-live-org");
  assert.deepEqual(rest, []);
  assert.match(await page.run(token ?? ""), /"api_domain":"http:\/\/127\.0\.0\.1:\d+"/);
});

test("faq: a change is explained, and what is dead is counted", async () => {
  using folder = new TemporaryFolder();
  await using page = await DevPage.start(folder, devCommand);
  for (const command of commandsOf("getting-started").slice(1, 4)) await page.run(command);
  const [changes, explain, replay, ...rest] = commandsOf("faq");
  assert.deepEqual(rest, []);
  const id = /"id":"?(\d+)/.exec(await page.run(changes ?? ""))?.[1];
  await page.run(`CHANGE=${id}`);
  assert.match(await page.run(explain ?? ""), /"reason":"matched"/);
  assert.match(await page.run(replay ?? ""), /^\{"dry_run":true,"count":0\}$/);
});

test("operations: what is dead is counted, an org is told of its channels, and the clock goes ahead a week", async () => {
  using folder = new TemporaryFolder();
  await using page = await DevPage.start(folder, devCommand);
  await page.run(commandsOf("getting-started")[1] ?? "");
  const [replay, lifecycle, advance, ...rest] = commandsOf("operations");
  assert.deepEqual(rest, []);
  assert.match(await page.run(replay ?? ""), /^\{"dry_run":true,"count":0\}$/);
  assert.match(await page.run(lifecycle ?? ""), /"lifecycle_url":"https:\/\/ops\.example\/watchpost".*"whsec_/);
  assert.match(await page.run(advance ?? ""), /"offset_ms":604\d{6},/);
});

test("seed-file: the hash of a password is one that a seed takes", async () => {
  using folder = new TemporaryFolder();
  const shell = Shell.in(folder, repositoryRoot);
  const hash = (await shell.run(blockOf("seed-file", "sh"))).trim();
  const org = { name: "Acme", zgid: "554023000" };
  const seedFile = folder.file("seed.json", { org, users: [{ email: "a@acme.example", last_name: "A", password: hash }] });
  assert.match(hash, /^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  await shell.run(`${devCommand} --port 0 --seed ${seedFile} --exec true`);
});

describe("testing-in-ci", () => {
  const commands = commandsOf("testing-in-ci");
  const isOfScript = (command: string): boolean => command.includes("$WATCHPOST_") && !command.includes(" dev ");

  test("the commands in a checkout end with what their tests said", async () => {
    using folder = new TemporaryFolder();
    const seedFile = folder.file("crm.json", blockOf("testing-in-ci", "json"));
    const shell = Shell.in(folder, repositoryRoot, [["crm.json", seedFile]]);
    const [probe = "", seeded = "", ...rest] = commands.filter((command) => command.startsWith("npm run"));
    assert.deepEqual(rest, []);
    assert.match(await shell.run(probe), /^\{"status":"ok"\}/);
    assert.equal(await shell.run(seeded), "1000.CI\n");
  });

  test("the command of the workflow runs a project's own tests in the project's folder", async () => {
    using folder = new TemporaryFolder();
    symlinkSync(repositoryRoot, path.join(folder.path, "watchpost"));
    folder.file("package.json", { private: true, scripts: { test: "node check.mjs" } });
    folder.file(
      "check.mjs",
      'const { status } = await fetch(`${process.env.WATCHPOST_BASE_URL}/readyz`);\nconsole.log("ready", status);\n',
    );
    const [command = "", ...rest] = commands.filter((line) => line.startsWith("watchpost/"));
    assert.deepEqual(rest, []);
    assert.ok(blockOf("testing-in-ci", "yaml").trimEnd().endsWith(`- run: ${command}`));
    assert.match(await Shell.in(folder, folder.path).run(command), /ready 200\n$/);
    folder.file("check.mjs", "process.exit(3);\n");
    await assert.rejects(Shell.in(folder, folder.path).run(command), /ended with 3/);
  });

  test("the script finds the failed attempt in the inbox, the retries after ten minutes, and the channel gone after an hour", async () => {
    using folder = new TemporaryFolder();
    const lines = commands.filter(isOfScript);
    assert.equal(lines.length, 9);
    const script = folder.file("script.sh", lines.join("\necho\n"));
    const stdout = await Shell.in(folder, repositoryRoot).run(`${devCommand} --port 0 --exec "sh -e ${script}"`);
    assertNoRefusal(stdout, script);
    const [, subscribed = "", edited = "", , inbox = "", , deliveries = "", , lifecycle = ""] = stdout.split("\n");
    assert.match(subscribed, /"code":"SUCCESS"/);
    assert.match(edited, /"message":"record updated"/);
    assert.match(inbox, /"path":"\/inbox\/ci\?status=500".*"signature":"ok"/);
    assert.match(deliveries, /"status":"pending","attempts_made":3/);
    assert.match(lifecycle, /"channel\.expired"/);
  });

  test("no command of the page is left out", () => {
    const run = commands.filter((command) => isOfScript(command) || command.startsWith("npm run") || command.startsWith("watchpost/"));
    assert.deepEqual(run, commands);
  });
});

describe("production", () => {
  const unit = blockOf("production", "ini");
  const [makeToken = "", ...commands] = commandsOf("production");

  test("the service's command under its variables is healthy, is backed up, and comes back from the copy", async () => {
    using folder = new TemporaryFolder();
    const port = await freePort();
    mkdirSync(path.join(folder.path, "backups"));
    const places: readonly Substitution[] = [
      ["/opt/watchpost", repositoryRoot],
      ["/var/lib/watchpost", path.join(folder.path, "data")],
      ["/var/backups", path.join(folder.path, "backups")],
      ["/etc/watchpost/seed.json", folder.file("seed.json", blockOf("testing-in-ci", "json"))],
      ["127.0.0.1:8585", `127.0.0.1:${port}`],
    ];
    const shell = Shell.in(folder, repositoryRoot, places);
    const token = (await shell.run(makeToken)).trim();
    assert.match(token, /^[\w-]{43}$/);
    await shell.run(`WATCHPOST_ADMIN_TOKEN=${token}`);
    const { command, variables } = serviceOf(unit);
    for (const variable of [...variables, `WATCHPOST_PORT=${port}`]) await shell.run(variable);
    await using server = new BackgroundCommand(shell, `${command} --json`);
    assert.match(await server.firstLine(), /"base_url":"https:\/\/crm\.example\.com",.*"admin_token":null/);
    const said: string[] = [];
    for (const line of commands) said.push(await shell.run(line));
    const [, ready = "", metrics = "", stats = "", checked = ""] = said;
    assert.equal(ready, '{"status":"ok"}');
    assert.match(metrics, /^watchpost_build_info/m);
    assert.match(stats, /"health"/);
    assert.match(checked, /integrity_check: 'ok'/);
    await server.stop();
    await restored(folder);
  });

  test("the proxy lets the public reach the CRM and its sign-in alone, and does not buffer the stream", () => {
    const [open = "", own = ""] = blockOf("production", "nginx")
      .split(/^server \{$/m)
      .slice(1);
    const places = [...open.matchAll(/location (\S+) \{ (\w+)/g)].map(([, place, does]) => [place, does]);
    assert.deepEqual(places, [
      ["/crm/", "proxy_pass"],
      ["/oauth/", "proxy_pass"],
      ["/", "return"],
    ]);
    assert.match(own, /location \/api\/v1\/stream \{[^}]*proxy_buffering off;/);
  });
});

/** The copy in a folder of its own is a store that a server opens, with the data of the first. */
async function restored(folder: TemporaryFolder): Promise<void> {
  const data = path.join(folder.path, "restored");
  mkdirSync(data);
  const shell = Shell.in(folder, repositoryRoot);
  await shell.run(`cp ${path.join(folder.path, "backups/watchpost.sqlite")} ${data}/watchpost.sqlite`);
  const { server, ready } = await startProcess(["serve", "--data", data]);
  await using _server = server;
  const headers = { authorization: `Bearer ${ready.adminToken}` };
  const answer = await fetch(`${ready.baseUrl}/api/v1/clients`, { headers });
  assert.match(await answer.text(), /1000\.CI/);
}

function serviceOf(unit: string): { readonly command: string; readonly variables: readonly string[] } {
  const command = /^ExecStart=(.+)$/m.exec(unit)?.[1];
  assert.ok(command !== undefined);
  assert.match(unit, /^WorkingDirectory=\/opt\/watchpost$/m);
  return { command, variables: [...unit.matchAll(/^Environment=(.+)$/gm)].map(([, variable = ""]) => variable) };
}
