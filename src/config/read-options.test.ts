import assert from "node:assert/strict";
import { test } from "node:test";
import { everyRole } from "../core/role.ts";
import type { CommandName } from "./options.ts";
import type { Environment, GivenFlags } from "./read-options.ts";
import { readOptions } from "./read-options.ts";

function read(command: CommandName, flags: GivenFlags, environment: Environment = {}) {
  return readOptions(command, { flags, environment });
}

function settingsOf(command: CommandName, flags: GivenFlags, environment: Environment = {}) {
  const options = read(command, flags, environment);
  assert.ok(options.ok, options.ok ? "" : options.error);
  return options.value.settings;
}

function errorOf(flags: GivenFlags, environment: Environment = {}): string {
  const options = read("dev", flags, environment);
  assert.ok(!options.ok);
  return options.error;
}

test("with nothing given every option has its default", () => {
  assert.deepEqual(settingsOf("serve", {}), {
    host: "127.0.0.1",
    port: 8585,
    data: null,
    role: everyRole,
    nats: { replicas: 1, credsFile: null, caFile: null, certFile: null, keyFile: null },
    seed: null,
    json: false,
    publicUrl: null,
    tls: null,
    apiCredits: null,
    apiConcurrency: null,
    throttleTokens: false,
    skipInboxChannel: false,
    keepHistory: 7 * 86_400_000,
    keepDead: 30 * 86_400_000,
    disableAfter: 5 * 86_400_000,
    metricsAccess: "open",
    allowTarget: [],
    exec: null,
    logLevel: "info",
  });
  assert.equal(settingsOf("dev", {}).logLevel, "warn");
});

test("a flag wins over its variable, and the variable over the default", () => {
  assert.equal(settingsOf("dev", {}, { WATCHPOST_PORT: "1234" }).port, 1234);
  assert.equal(settingsOf("dev", { "--port": ["0"] }, { WATCHPOST_PORT: "1234" }).port, 0);
});

test("a variable that is set to nothing counts as not set", () => {
  assert.equal(settingsOf("dev", {}, { WATCHPOST_PORT: " " }).port, 8585);
});

test("a variable of another command is left alone, a flag of another command is a fault", () => {
  assert.equal(settingsOf("serve", {}, { WATCHPOST_EXEC: "true" }).exec, null);
  const options = read("serve", { "--exec": ["true"] });
  assert.deepEqual(options, { ok: false, error: "--exec is not an option of serve" });
});

test("a list comes from repeated flags, or from a variable split at commas", () => {
  assert.deepEqual(settingsOf("serve", { "--allow-target": ["10.0.0.0/8", "::1"] }).allowTarget, ["10.0.0.0/8", "::1"]);
  assert.deepEqual(settingsOf("serve", {}, { WATCHPOST_ALLOW_TARGET: "10.0.0.0/8, fd00::/8," }).allowTarget, ["10.0.0.0/8", "fd00::/8"]);
});

test("a switch is on by its flag, and on or off by its variable", () => {
  assert.equal(settingsOf("demo", { "--json": ["true"] }).json, true);
  assert.equal(settingsOf("demo", {}, { WATCHPOST_JSON: "1" }).json, true);
  assert.equal(settingsOf("demo", {}, { WATCHPOST_JSON: "false" }).json, false);
});

test("the public URL is kept as an origin, without the slash at its end", () => {
  assert.equal(settingsOf("serve", { "--public-url": ["https://crm.example.com/"] }).publicUrl, "https://crm.example.com");
});

test("a certificate comes with its key, from flags or variables", () => {
  const tls = { certFile: "cert.pem", keyFile: "key.pem" };
  assert.deepEqual(settingsOf("serve", { "--tls-cert": ["cert.pem"], "--tls-key": ["key.pem"] }).tls, tls);
  assert.deepEqual(settingsOf("dev", { "--tls-cert": ["cert.pem"] }, { WATCHPOST_TLS_KEY: "key.pem" }).tls, tls);
  assert.equal(errorOf({ "--tls-cert": ["cert.pem"] }), "--tls-cert needs --tls-key too");
  assert.equal(errorOf({}, { WATCHPOST_TLS_KEY: "key.pem" }), "--tls-key needs --tls-cert too");
});

test("limits are whole numbers from 1", () => {
  const { apiCredits, apiConcurrency } = settingsOf("serve", { "--api-credits": ["5000"] }, { WATCHPOST_API_CONCURRENCY: "10" });
  assert.deepEqual({ apiCredits, apiConcurrency }, { apiCredits: 5_000, apiConcurrency: 10 });
  for (const wrong of ["0", "-1", "1.5", "1e3", "many", "99999999999"]) {
    assert.match(errorOf({ "--api-credits": [wrong] }), /^--api-credits expects a number from 1 to 1000000000, not "/);
    assert.match(errorOf({}, { WATCHPOST_API_CONCURRENCY: wrong }), /^WATCHPOST_API_CONCURRENCY expects a number from 1 to 10000, not "/);
  }
});

test("the admin token is a secret and not among the settings", () => {
  const token = "0123456789abcdef";
  const options = read("serve", {}, { WATCHPOST_ADMIN_TOKEN: token });
  assert.ok(options.ok);
  assert.deepEqual(options.value.secrets, { adminToken: token, databaseUrl: null, natsUrl: null });
  assert.ok(!JSON.stringify(options.value.settings).includes(token));
});

test("a wrong value is told with the flag or the variable it came from", () => {
  assert.match(errorOf({ "--port": ["70000"] }), /^--port expects a number from 0 to 65535, not "70000"$/);
  assert.match(errorOf({}, { WATCHPOST_PORT: "x" }), /^WATCHPOST_PORT expects/);
  assert.match(errorOf({ "--public-url": ["ftp://crm.example.com"] }), /^--public-url expects/);
  assert.match(errorOf({ "--public-url": ["https://crm.example.com/path"] }), /^--public-url expects/);
  assert.match(errorOf({ "--allow-target": ["10.0.0.0/33"] }), /^--allow-target expects/);
  assert.match(errorOf({ "--allow-target": ["10.0.0.0/8/8"] }), /^--allow-target expects/);
  assert.match(errorOf({ "--log-level": ["loud"] }), /^--log-level expects one of/);
  assert.match(errorOf({ "--data": [""] }), /^--data expects a value$/);
});

test("a wrong admin token is never repeated in the error", () => {
  assert.ok(!errorOf({ "--admin-token": ["too-short"] }).includes("too-short"));
});

test("spans are durations within bounds, and a wrong one is named", () => {
  assert.equal(settingsOf("serve", { "--keep-history": ["36h"] }).keepHistory, 129_600_000);
  assert.equal(settingsOf("serve", {}, { WATCHPOST_KEEP_DEAD: "P2W" }).keepDead, 14 * 86_400_000);
  assert.equal(settingsOf("serve", { "--disable-after": ["3650d"] }).disableAfter, 3_650 * 86_400_000);
  for (const wrong of ["7", "59m", "3651d", "-1d", "soon", ""]) {
    assert.match(errorOf({ "--disable-after": [wrong] }), /^--disable-after expects a duration from 1h to 3650d/);
  }
});

test("the metrics are open to anyone or to the admin", () => {
  assert.equal(settingsOf("serve", { "--metrics-access": ["admin"] }).metricsAccess, "admin");
  assert.equal(errorOf({ "--metrics-access": ["all"] }), '--metrics-access expects one of open, admin, not "all"');
});

test("NATS needs a database, its files need NATS, and its URL is a secret", () => {
  const natsUrl = "nats://app:very-secret@broker.example";
  const withDatabase = { "--database-url": ["postgres://app@db.example/x"], "--nats-url": [natsUrl] };
  const read = readOptions("serve", { flags: { ...withDatabase, "--nats-replicas": ["3"] }, environment: {} });
  assert.ok(read.ok && read.value.secrets.natsUrl === natsUrl && read.value.settings.nats.replicas === 3);
  const wrong = [
    [{ "--nats-url": [natsUrl] }, "--nats-url needs --database-url too"],
    [{ "--nats-creds": ["x.creds"] }, "--nats-creds needs --nats-url too"],
    [{ ...withDatabase, "--nats-cert": ["x.pem"] }, "--nats-cert needs --nats-key too"],
    [{ ...withDatabase, "--nats-replicas": ["2"] }, '--nats-replicas expects 1 or 3, not "2"'],
  ] as const;
  for (const [flags, error] of wrong) assert.deepEqual(readOptions("serve", { flags, environment: {} }), { ok: false, error });
});

test("a role is one of a server that shares a database, unless it is all", () => {
  const database = { WATCHPOST_DATABASE_URL: "postgres://watchpost@127.0.0.1/watchpost" };
  assert.deepEqual(settingsOf("serve", { "--role": ["api,janitor"] }, database).role, new Set(["api", "janitor"]));
  assert.deepEqual(settingsOf("serve", { "--role": ["api,dispatch,janitor"] }).role, everyRole);
  const alone = read("serve", { "--role": ["api"] });
  assert.ok(!alone.ok);
  assert.match(alone.error, /^--role needs --database-url too/);
});
