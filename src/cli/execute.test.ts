import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleClient } from "../config/sample-org.ts";
import { commandEnvironment, execute } from "./execute.ts";
import type { Signals } from "./signals.ts";

const idle: Signals = { first: new Promise(() => undefined), received: () => null, forward: () => undefined, release: () => undefined };
const connection = { baseUrl: "http://127.0.0.1:8585", adminToken: "admin", client: sampleClient };

test("the command finds the connection in its environment", () => {
  assert.deepEqual(commandEnvironment({ PATH: "/bin" }, connection), {
    PATH: "/bin",
    WATCHPOST_BASE_URL: connection.baseUrl,
    WATCHPOST_URL: connection.baseUrl,
    WATCHPOST_ACCOUNTS_URL: connection.baseUrl,
    WATCHPOST_ADMIN_TOKEN: "admin",
    WATCHPOST_CLIENT_ID: sampleClient.clientId,
    WATCHPOST_CLIENT_SECRET: sampleClient.clientSecret,
    WATCHPOST_REFRESH_TOKEN: sampleClient.refreshToken,
  });
});

test("options of this server are not handed on to a server that the command starts", () => {
  const environment = commandEnvironment({ WATCHPOST_EXEC: "true", WATCHPOST_PORT: "1" }, { ...connection, client: null });
  assert.deepEqual(Object.keys(environment).toSorted(), [
    "WATCHPOST_ACCOUNTS_URL",
    "WATCHPOST_ADMIN_TOKEN",
    "WATCHPOST_BASE_URL",
    "WATCHPOST_URL",
  ]);
});

test("the command's exit code is given back, and 128 and its number for a signal", async () => {
  assert.equal(await execute("exit 7", { environment: process.env, connection, signals: idle }), 7);
  assert.equal(await execute("kill -TERM $$", { environment: process.env, connection, signals: idle }), 143);
});

test("the shell reads the whole command", async () => {
  const command = 'test "$WATCHPOST_CLIENT_ID" = "1000.DEV0000000000000000000000000ID" && true';
  assert.equal(await execute(command, { environment: process.env, connection, signals: idle }), 0);
});

test("when a signal has come already the command is not started", async () => {
  const signals: Signals = { ...idle, received: () => "SIGTERM" };
  assert.equal(await execute("exit 7", { environment: process.env, connection, signals }), 143);
});
