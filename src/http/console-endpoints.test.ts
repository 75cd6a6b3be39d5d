import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { UnderTest } from "./server-under-test.ts";
import { serverUnderTest } from "./server-under-test.ts";
import type { StaticFiles } from "./static-files.ts";
import { readStaticFiles, staticFilesOf } from "./static-files.ts";

const script = `console.log(${JSON.stringify("x".repeat(5_000))});`;
let root = "";
let files: StaticFiles;

before(async () => {
  root = mkdtempSync(path.join(tmpdir(), "watchpost-console-"));
  const folder = path.join(root, "console");
  mkdirSync(path.join(folder, "assets"), { recursive: true });
  writeFileSync(path.join(root, "secret.txt"), "secret");
  writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>Console</title>");
  writeFileSync(path.join(folder, "favicon.svg"), "<svg/>");
  writeFileSync(path.join(folder, "assets", "app-1234.js"), script);
  writeFileSync(path.join(folder, "assets", "app-1234.js.br"), "built by the build");
  symlinkSync(path.join(root, "secret.txt"), path.join(folder, "assets", "link.txt"));
  const found = await readStaticFiles(folder);
  assert.ok(found !== null);
  files = found;
});
after(() => rmSync(root, { recursive: true }));

type Came = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: Buffer };

/** Sends the path exactly as it stands: a URL would tidy it up. */
function get(server: UnderTest, target: string, headers: Record<string, string> = {}): Promise<Came> {
  const { hostname, port } = new URL(server.baseUrl);
  return new Promise((resolve, reject) => {
    const request = http.get({ hostname, port, path: target, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
  });
}

test("the page is answered under every path that is no file, and asked for anew each time", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  for (const target of ["/console/", "/console/index.html", "/console/deliveries", "/console/records/Leads/5?tab=1"]) {
    const { status, headers, body } = await get(server, target);
    assert.deepEqual([status, headers["cache-control"]], [200, "no-cache"], target);
    assert.match(body.toString(), /<title>Console/);
  }
  const bare = await get(server, "/console");
  assert.deepEqual([bare.status, bare.headers.location], [302, "/console/"]);
});

test("a file whose name changes with its content may be kept for good", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  const { status, headers, body } = await get(server, "/console/assets/app-1234.js");
  assert.equal(status, 200);
  assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(headers["content-type"], "text/javascript;charset=UTF-8");
  assert.equal(body.toString(), script);
  assert.equal((await get(server, "/console/favicon.svg")).headers["content-type"], "image/svg+xml");
});

test("who has a file already is told so, for each form of it apart", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  const target = "/console/assets/app-1234.js";
  const { headers } = await get(server, target);
  const tag = headers.etag ?? "";
  assert.equal((await get(server, target, { "If-None-Match": `"x", ${tag}` })).status, 304);
  assert.equal((await get(server, target, { "If-None-Match": tag, "Accept-Encoding": "gzip" })).status, 200);
});

test("files go out as the build compressed them, else compressed here", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  const built = await get(server, "/console/assets/app-1234.js", { "Accept-Encoding": "gzip, br" });
  assert.deepEqual([built.headers["content-encoding"], built.body.toString()], ["br", "built by the build"]);
  const gzipped = await get(server, "/console/assets/app-1234.js", { "Accept-Encoding": "gzip" });
  assert.equal(gunzipSync(gzipped.body).toString(), script);
  const small = await get(server, "/console/favicon.svg", { "Accept-Encoding": "gzip, br" });
  assert.equal(small.headers["content-encoding"], undefined);
  assert.equal((await get(server, "/console/assets/app-1234.js.br")).status, 404, "that is a form of a file, and no file");
  assert.throws(() => brotliDecompressSync(gzipped.body));
});

test("no path leads out of the folder, however it is written", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  for (const target of [
    "/console/../secret.txt",
    "/console/assets/../../secret.txt",
    "/console/%2e%2e/secret.txt",
    "/console/..%2fsecret.txt",
    "/console/%2e%2e%2fsecret.txt",
    "/console/..%5csecret.txt",
    "/console/assets/....//....//secret.txt",
    "/console//etc/passwd",
    "/console/assets/link.txt",
    "/console/assets/app-1234.js%00",
    "/console/assets",
    "/console/assets/",
    "/console/assets/none.js",
    "/console/none.png",
    "/console/__proto__",
    "/console/constructor",
    `${root}/secret.txt`,
  ]) {
    const { body } = await get(server, target);
    assert.ok(!body.toString().includes("secret") && !body.toString().includes("root:"), target);
  }
  for (const target of ["/console/assets/link.txt", "/console/assets/none.js", "/console/none.png"]) {
    assert.equal((await get(server, target)).status, 404, target);
  }
});

test("every answer of the console lets nothing in from elsewhere", async () => {
  await using server = await serverUnderTest({}, { consoleFiles: () => Promise.resolve(files) });
  for (const target of ["/console/", "/console/assets/app-1234.js"]) {
    const { headers } = await get(server, target);
    assert.equal(
      headers["content-security-policy"],
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.match(String(headers["permissions-policy"]), /camera=\(\)/);
  }
});

test("a page that asks for a nonce gets another one each time, and nobody keeps it", async () => {
  const folder = path.join(root, "with-nonce");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "index.html"), '<meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>');
  await using server = await serverUnderTest({}, { consoleFiles: staticFilesOf(folder) });
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { headers, body } = await get(server, "/console/");
      assert.deepEqual([headers["cache-control"], headers.etag], ["no-store", undefined]);
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1] ?? "";
      assert.equal(body.toString().split(nonce).length, 3);
      return nonce;
    }),
  );
  assert.notEqual(nonces[0], nonces[1]);
});

test("where the console was not built, the page says how", async () => {
  assert.equal(await readStaticFiles(path.join(root, "nowhere")), null);
  await using server = await serverUnderTest();
  const { status, body } = await get(server, "/console/");
  assert.equal(status, 404);
  assert.match(body.toString(), /npm run build:console/);
});

test("a browser that opens the address is led to the console, a program gets the addresses", async () => {
  await using server = await serverUnderTest();
  const browser = await get(server, "/", { Accept: "text/html,application/xhtml+xml" });
  assert.deepEqual([browser.status, browser.headers.location], [302, "/console/"]);
  const program = await get(server, "/", { Accept: "*/*" });
  assert.equal(JSON.parse(program.body.toString()).console, `${server.baseUrl}/console/`);
});

test("the description of the API is a page without a script, and has every operation", async () => {
  await using server = await serverUnderTest();
  const { status, headers, body } = await get(server, "/docs");
  assert.equal(status, 200);
  assert.match(String(headers["content-security-policy"]), /^default-src 'none'; style-src 'sha256-/);
  const page = body.toString();
  assert.ok(
    !/<script|javascript:| on\w+="|https?:\/\/(?!127\.0\.0\.1)/.test(
      page.replaceAll(/<code>.*?<\/code>/gs, "").replaceAll(/<p>.*?<\/p>/gs, ""),
    ),
  );
  const { paths } = JSON.parse((await get(server, "/openapi.json")).body.toString());
  const ids = Object.values<Record<string, { operationId?: string }>>(paths).flatMap((item) =>
    Object.values(item).flatMap(({ operationId }) => operationId ?? []),
  );
  assert.ok(ids.length > 50);
  for (const id of ids) assert.ok(page.includes(`<details id="${id}">`), id);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? "");
  for (const target of new Set(targets)) assert.ok(page.includes(`id="${target}"`), `#${target} leads nowhere`);
  assert.equal((await get(server, "/docs", { "If-None-Match": String(headers.etag) })).status, 304);
});
