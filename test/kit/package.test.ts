/** The package as others install it: packed, unpacked below a `node_modules`, and used from plain JavaScript, with none of our dependencies there. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import { listFiles, repositoryRoot } from "../../tools/repository.ts";
import { startApp } from "../support/app.ts";
import { credentialsOf } from "../support/seeds.ts";
import { TemporaryFolder } from "../support/process.ts";
import { contractBody, contractSecret, contractToken, signed } from "./receiver-contract.ts";

const run = promisify(execFile);

describe("the packed kit", async () => {
  const folder = new TemporaryFolder();
  after(() => folder[Symbol.dispose]());
  await run("npm", ["pack", "--silent", "--pack-destination", folder.path], { cwd: repositoryRoot });
  await run("tar", ["-xzf", path.join(folder.path, listFiles(folder.path)[0] ?? ""), "-C", folder.path]);
  mkdirSync(path.join(folder.path, "node_modules"));
  renameSync(path.join(folder.path, "package"), path.join(folder.path, "node_modules/watchpost"));
  const packed = listFiles(path.join(folder.path, "node_modules/watchpost"));
  const tsc = path.join(repositoryRoot, "node_modules/.bin/tsc");

  test("holds the kit and nothing of the server", () => {
    const others = packed.filter((file) => !/^dist\/kit\/(?:client|core\/clock|wire\/retry-after)\b/.test(file));
    assert.deepEqual(others, ["LICENSE", "README.md", "package.json"]);
    assert.deepEqual(
      packed.filter((file) => file.includes(".test.") || (file.startsWith("dist") && !/\.(?:js|d\.ts)$/.test(file))),
      [],
    );
  });

  test("imports only itself, and names nothing that one runtime alone has", () => {
    for (const file of packed.filter((name) => /\.(?:js|d\.ts)$/.test(name))) {
      const text = readFileSync(path.join(folder.path, "node_modules/watchpost", file), "utf8");
      const specifiers = [...text.matchAll(/^(?:import|export)[^"\n]*"([^"]+)";$/gm)].map((match) => match[1] ?? "");
      assert.deepEqual(
        specifiers.filter((specifier) => !specifier.startsWith(".")),
        [],
        file,
      );
      const code = file.endsWith(".js") ? text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "") : "";
      assert.doesNotMatch(code, /\b(?:Buffer|process|require|__dirname)\b/, file);
    }
  });

  test("receives a notification in plain JavaScript", async () => {
    const script = folder.file(
      "receive.mjs",
      `import { createReceiver } from "watchpost/receiver";
       const receiver = createReceiver({ secret: ${JSON.stringify(contractSecret)}, token: ${JSON.stringify(contractToken)}, onNotification: ({ channelId }) => console.log(channelId) });
       const request = () => new Request("http://127.0.0.1/", { method: "POST", body: ${JSON.stringify(contractBody)}, headers: ${JSON.stringify(signed(contractBody))} });
       for (const answer of [await receiver.fetch(request()), await receiver.fetch(request())]) console.log(answer.status, await answer.text());`,
    );
    const { stdout } = await run(process.execPath, [script]);
    assert.equal(stdout, '9223372036854775807\n200 {"result":"handled"}\n200 {"result":"duplicate"}\n');
  });

  test("keeps a channel of a running server in plain JavaScript", async () => {
    await using app = await startApp({ nowMs: Date.now() });
    const options = { baseUrl: app.baseUrl, auth: credentialsOf("acme") };
    const script = folder.file(
      "keep.mjs",
      `import { createWatchClient, keepChannel } from "watchpost/client";
       const client = createWatchClient(${JSON.stringify(options)});
       const keeper = keepChannel({ client, channel: { channel_id: "9223372036854775807", events: ["Deals.all"], notify_url: "http://127.0.0.1:9/" } });
       await keeper.start();
       console.log((await client.list()).rows.map((row) => row.channel_id + " " + row.events));
       await keeper.stop({ disables: true });
       console.log((await client.list()).rows.length);`,
    );
    const { stdout } = await run(process.execPath, [script]);
    assert.equal(stdout, "[ '9223372036854775807 Deals.edit,Deals.create,Deals.delete' ]\n0\n");
  });

  test("its types hold by themselves, without those of Node", async () => {
    folder.file(
      "use.ts",
      'import { createReceiver } from "watchpost/receiver";\nimport { keepChannel } from "watchpost/client";\nexport const kit = { createReceiver, keepChannel };\n',
    );
    const flags = [
      "--noEmit",
      "--strict",
      "--types",
      "",
      "--lib",
      "es2023,esnext.disposable,dom,dom.iterable,dom.asynciterable",
      "--module",
      "nodenext",
      "--target",
      "es2022",
    ];
    const ran = await run(tsc, [...flags, "use.ts"], { cwd: folder.path }).catch((error: { stdout: string }) => error);
    assert.equal(ran.stdout, "");
  });
});
