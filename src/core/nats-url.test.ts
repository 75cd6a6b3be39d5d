import assert from "node:assert/strict";
import { test } from "node:test";
import { natsServers, readNatsUrl } from "./nats-url.ts";

const password = "very-secret";

test("a URL of one server or of several of a cluster is taken", () => {
  for (const text of ["nats://a.example", "tls://a.example:4443", `nats://app:${password}@a.example:4222,nats://b.example:4222`]) {
    assert.deepEqual(readNatsUrl(text), { ok: true, value: text });
  }
});

test("what is no such URL is refused without repeating it", () => {
  for (const text of [
    `http://app:${password}@a.example`,
    `nats://app:${password}@`,
    `nats://${password}@a.example/x`,
    "",
    `nats://a,${password}`,
    `nats://a?password=${password}`,
    `nats://app:${password}%zz@a`,
    `nats://:${password}@a`,
    `nats://app:p@${password}#x@a`,
  ]) {
    const read = readNatsUrl(text);
    assert.ok(!read.ok, text);
    assert.ok(!read.error.includes(password), read.error);
  }
});

test("user and password, or a token, are told apart from the places that people are shown", () => {
  const servers = natsServers(`nats://app:p%40ss@a.example,nats://b.example:4333`);
  assert.deepEqual(servers, { places: ["a.example:4222", "b.example:4333"], isTls: false, login: { user: "app", password: "p@ss" } });
  assert.deepEqual(natsServers("tls://token@a.example").login, { user: "token", password: null });
  assert.deepEqual(natsServers("tls://a.example"), { places: ["a.example:4222"], isTls: true, login: null });
});
