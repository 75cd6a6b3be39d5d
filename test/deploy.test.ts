/**
 * What `deploy/` says is true of the program: options, ports, paths, versions and files. Docker, Helm and a cluster are not needed: the image is put together by
 * hand and started as its user, and the chart's templates are held to its values.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import { optionRows } from "../src/config/options.ts";
import { limits } from "../src/core/limits.ts";
import { routes } from "../src/http/route-table.ts";
import { listFiles, readSource, repositoryRoot } from "../tools/repository.ts";
import { TemporaryFolder } from "./support/process.ts";

const chart = "deploy/helm/watchpost";
const dockerfile = readSource("deploy/Dockerfile").text;
const composeText = readSource("deploy/compose.yaml").text;
const templates = listFiles()
  .filter((file) => file.startsWith(`${chart}/templates/`))
  .map(readSource);
const deployed = listFiles()
  .filter((file) => file.startsWith("deploy/") && !file.endsWith(".json"))
  .map(readSource);
const drainSeconds = limits.drainMs / 1_000;
const port = "8585";

type Service = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: unknown;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period: string;
  readonly read_only?: boolean;
};
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const values = parse(readSource(`${chart}/values.yaml`).text, { merge: true }) as Readonly<Record<string, unknown>>;

/** What the braces of a template say, one by one. */
function actionsOf(text: string): readonly string[] {
  return [...text.matchAll(/\{\{-?\s*([\s\S]*?)\s*-?\}\}/g)].map((match) => match[1] ?? "").filter((action) => !action.startsWith("/*"));
}

/** Whether values.yaml has this name, a key behind another. */
function hasValue(name: string): boolean {
  let at: unknown = values;
  for (const key of name.split(".")) {
    if (typeof at !== "object" || at === null || !(key in at)) return false;
    at = Reflect.get(at, key);
  }
  return true;
}

describe("options, ports and paths", () => {
  test("every flag and variable that deploy/ names is in the table of options", () => {
    const flags = new Set<string>(optionRows().map(({ option }) => option.flag));
    const variables = new Set<string>(optionRows().map(({ option }) => option.environment));
    const serves = [
      ...Object.values(compose.services).flatMap(({ image, command = [] }) => (image.startsWith("watchpost:") ? command : [])),
      ...templates.flatMap(({ text }) => /args: \[(.*)\]/.exec(text)?.[1]?.match(/--[\w-]+/g) ?? []),
    ].filter((word) => word.startsWith("--"));
    assert.ok(serves.includes("--role"));
    assert.deepEqual(
      serves.filter((flag) => !flags.has(flag)),
      [],
    );
    const named = deployed.flatMap(({ text }) => text.match(/\bWATCHPOST_[A-Z_]+\b/g) ?? []);
    assert.ok(named.includes("WATCHPOST_DATABASE_URL"));
    assert.deepEqual(
      named.filter((name) => !variables.has(name)),
      [],
    );
  });

  test("what is asked and scraped is a route, and the port is the program's own", () => {
    const paths = new Set(routes.map((route) => route.path));
    const probed = deployed.flatMap(({ text }) => text.match(/(?<=path: |8585|PORT\})\/(?:livez|readyz|metrics)\b/g) ?? []);
    assert.deepEqual([...new Set(probed)].toSorted(), ["/livez", "/metrics", "/readyz"]);
    for (const probe of probed) assert.ok(paths.has(probe), probe);
    const own = optionRows()
      .find(({ name }) => name === "port")
      ?.option.defaultFor("serve");
    assert.equal(String(own), port);
    assert.match(dockerfile, new RegExp(`^EXPOSE ${port}$`, "m"));
    assert.match(dockerfile, new RegExp(`WATCHPOST_PORT=${port}\\b`));
    for (const { ports = [] } of Object.values(compose.services)) for (const published of ports) assert.ok(published.endsWith(`:${port}`));
  });
});

describe("the image", () => {
  test("its Node is the one that the project pins", () => {
    const images = [...dockerfile.matchAll(/^FROM node:(\S+)-slim\b/gm)].map((match) => match[1]);
    assert.equal(images.length, dockerfile.match(/^FROM /gm)?.length);
    assert.deepEqual([...new Set(images)], [packageJson.devDependencies.node]);
  });

  test("what it copies is there, and .dockerignore lets it through", () => {
    const allowed: readonly string[] = readSource(".dockerignore").text.match(/(?<=^!).+/gm) ?? [];
    const copied = copies().filter(({ stage }) => stage === null);
    for (const { from } of copied) {
      assert.ok(existsSync(path.join(repositoryRoot, from)), from);
      assert.ok(allowed.includes(from), `${from} is not let through`);
    }
    assert.deepEqual(
      allowed.filter((entry) => !copied.some(({ from }) => from === entry)),
      [],
    );
  });

  test("put together by hand it starts as a user that may write nowhere but in its data folder, says that it is ready, and ends on SIGTERM", async () => {
    using folder = new TemporaryFolder();
    const { user, environment, entry } = assemble(folder.path);
    const child = spawn(path.join(folder.path, "node"), [...entry, "serve", "--port", "0", "--json", "--log-level", "error"], {
      ...user,
      cwd: path.join(folder.path, "data"),
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { base_url: origin } = JSON.parse(line) as { readonly base_url: string };
    for (const asked of ["/readyz", "/console/", "/openapi.json"]) assert.equal((await fetch(`${origin}${asked}`)).status, 200, asked);
    const health = /CMD \["node", "-e", "(.*)"\]$/m.exec(dockerfile)?.[1] ?? assert.fail("no HEALTHCHECK");
    const healthOf = async (askedPort: string): Promise<unknown> => {
      const asking = spawn(process.execPath, ["-e", health], { env: { WATCHPOST_PORT: askedPort }, stdio: "inherit" });
      return ((await once(asking, "exit")) as readonly unknown[])[0];
    };
    assert.equal(await healthOf(new URL(origin).port), 0);
    assert.equal(await healthOf("1"), 1);
    child.kill(/^STOPSIGNAL (SIG\w+)$/m.exec(dockerfile)?.[1] as NodeJS.Signals);
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.ok(existsSync(path.join(folder.path, "data/.watchpost/data")));
  });
});

type Copy = { readonly stage: string | null; readonly from: string; readonly to: string };

/** What the last stage's and the others' COPY lines take. */
function copies(text = dockerfile): readonly Copy[] {
  return [...text.matchAll(/^COPY (?:--from=(\S+) )?(.+) (\S+)$/gm)].flatMap(([, stage = null, from = "", to = ""]) =>
    from.split(" ").map((one) => ({ stage, from: one, to: to === "./" ? one : to })),
  );
}

/** The last stage of the Dockerfile in this folder: its packages are the checkout's own that production needs, its Node is the one that runs this. */
function assemble(folder: string): { user: { uid?: number; gid?: number }; environment: Record<string, string>; entry: readonly string[] } {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
  const app = path.join(folder, "app");
  mkdirSync(path.join(app, "node_modules"), { recursive: true });
  for (const { stage, from, to } of copies(lastStage)) {
    if (stage !== "packages") cpSync(path.join(repositoryRoot, from.replace("/build/", "")), path.join(app, to), { recursive: true });
  }
  const installed = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { cwd: repositoryRoot, encoding: "utf8" });
  for (const packageFolder of installed.trim().split("\n").slice(1)) {
    const place = path.relative(repositoryRoot, packageFolder);
    cpSync(packageFolder, path.join(app, place), {
      recursive: true,
      filter: (source) => !source.slice(packageFolder.length).includes("node_modules"),
    });
  }
  copyFileSync(process.execPath, path.join(folder, "node"));
  mkdirSync(path.join(folder, "data"));
  chmodSync(folder, 0o755);
  // Whoever may write everywhere becomes the image's user; anybody else has the folders' rights taken away.
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: 1000, gid: 1000 } : {};
  if (isRoot) chownSync(path.join(folder, "data"), 1000, 1000);
  else execFileSync("chmod", ["-R", "a-w", app]);
  const set = /^ENV (.+)$/m.exec(dockerfile)?.[1]?.split(" ") ?? [];
  const variables = set.map((pair) => pair.split("=") as [string, string]);
  const environment = {
    ...Object.fromEntries(variables),
    WATCHPOST_HOST: "127.0.0.1",
    WATCHPOST_ADMIN_TOKEN: "a-token-of-this-test-alone",
  };
  const entry = (JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? "[]") as readonly string[]).slice(1);
  return { user, environment, entry: entry.map((word) => word.replace("/app/", `${app}/`)) };
}

describe("compose.yaml", () => {
  const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith("watchpost-"));

  test("three nodes wait for the database and three NATS servers to be healthy, have time to drain, and write nowhere", () => {
    assert.equal(nodes.length, 3);
    for (const [, node] of nodes) {
      const awaited = Object.entries(node.depends_on ?? {});
      assert.deepEqual(awaited.map(([name]) => name).toSorted(), ["nats-1", "nats-2", "nats-3", "postgres"]);
      for (const [name, { condition }] of awaited) {
        assert.equal(condition, "service_healthy");
        assert.ok(compose.services[name]?.healthcheck !== undefined, `${name} has no healthcheck`);
      }
      assert.ok(Number.parseInt(node.stop_grace_period) > drainSeconds);
      assert.equal(node.read_only, true);
    }
  });

  test("every volume, and every variable that it takes from its env file, is there", () => {
    const used = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(":")[0] ?? ""));
    assert.deepEqual(used.toSorted(), Object.keys(compose.volumes).toSorted());
    const given = readSource("deploy/example.env").text.match(/^[A-Z_]+(?==)/gm) ?? [];
    const taken = new Set([...composeText.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? ""));
    assert.deepEqual([...taken].toSorted(), [...given].toSorted());
    const conf = readSource("deploy/nats.conf").text.match(/(?<=\$)[A-Z_]+/g) ?? [];
    assert.deepEqual([...new Set(conf)].toSorted(), Object.keys(compose.services["nats-1"]?.environment ?? {}).toSorted());
  });

  test("no image is without an exact version, and none names where it comes from", () => {
    for (const { image } of Object.values(compose.services)) assert.match(image, /^[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });
});

describe("the chart", () => {
  test("every brace of its templates is closed, and every block", () => {
    for (const { path: file, text } of templates) {
      const open = text.match(/\{\{/g)?.length;
      assert.equal(actionsOf(text.replaceAll(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, "{{ comment }}")).length, open, file);
      const begun = actionsOf(text).filter((action) => /^(?:if|range|with|define)\b/.test(action)).length;
      assert.equal(actionsOf(text).filter((action) => action === "end").length, begun, file);
    }
  });

  test("every value that a template names is in values.yaml, and every value there is named", () => {
    const named = templates.flatMap(({ text }) => [...text.matchAll(/\.Values\.([\w.]+)/g)].map((match) => match[1] ?? ""));
    assert.deepEqual(
      named.filter((name) => !hasValue(name)),
      [],
    );
    const all = new Set(named.map((name) => name.split(".")[0]));
    assert.deepEqual(
      Object.keys(values).filter((key) => !all.has(key)),
      [],
    );
    assert.equal(hasValue("image.colour"), false);
  });

  test("every template that is included is defined", () => {
    const actions = templates.flatMap(({ text }) => actionsOf(text)).join("\n");
    const defined = new Set([...actions.matchAll(/define "([\w.]+)"/g)].map((match) => match[1]));
    for (const [, name] of actions.matchAll(/include "([\w.]+)"/g)) assert.ok(defined.has(name), name);
  });

  test("its values meet its schema, which refuses a misspelt one", () => {
    const schema = JSON.parse(readSource(`${chart}/values.schema.json`).text) as Record<string, unknown>;
    const validate = new Ajv({ strict: false }).compile(schema);
    assert.ok(validate(values), JSON.stringify(validate.errors));
    assert.equal(validate({ ...values, natss: {} }), false);
    assert.equal(validate({ ...values, publicUrl: "crm.example.com" }), false);
  });

  test("a pod has time to drain after its pause, is no root, and writes nowhere", () => {
    const [given, pause] = [Number(values["terminationGracePeriodSeconds"]), Number(values["preStopSeconds"])];
    assert.ok(given >= drainSeconds + pause + 5);
    assert.equal(Reflect.get(Object(values["podSecurityContext"]), "runAsUser"), Number(/^USER (\d+):/m.exec(dockerfile)?.[1]));
    assert.equal(Reflect.get(Object(values["securityContext"]), "readOnlyRootFilesystem"), true);
  });

  test("its dashboard is docs/grafana-dashboard.json, and its version the program's", () => {
    assert.equal(readSource(`${chart}/files/grafana-dashboard.json`).text, readSource("docs/grafana-dashboard.json").text);
    assert.equal((parse(readSource(`${chart}/Chart.yaml`).text) as { appVersion: string }).appVersion, packageJson.version);
    assert.ok(composeText.includes(`image: watchpost:${packageJson.version}\n`));
  });
});
