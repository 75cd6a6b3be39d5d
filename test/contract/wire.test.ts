/** Every vector of test/vectors, sent to the running server as a real request. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ApiDocument } from "../support/api-document.ts";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { accessTokenOf, send } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { assertShows } from "../support/compare.ts";
import { Receiver } from "../support/receiver.ts";
import { credentialsOf, seedOf } from "../support/seeds.ts";
import { filled, groupByStart, loadVectors, namesOf, orgOfGroup } from "../support/vectors.ts";
import type { Vector } from "../support/vectors.ts";

/** The host that the documents were recorded on; as our public URL it makes recorded bodies ours, byte for byte. */
const recordedHost = "https://www.zohoapis.com";

const vectors = loadVectors();
const api = new ApiDocument();

for (const group of groupByStart(vectors)) {
  const { org, now } = group[0].setup;
  describe(`vectors of org ${org.zgid} at ${now}`, () => {
    let app: App;
    let receiver: Receiver;
    before(async () => {
      app = await startApp({ seed: seedOf(orgOfGroup(group)), nowMs: Date.parse(now), publicUrl: recordedHost });
      receiver = await Receiver.start();
    });
    after(async () => {
      await app?.stop();
      await receiver?.down();
    });
    for (const [index, vector] of group.entries()) {
      test(`${vector.name}: ${vector.title}`, async () => {
        const tokenTakenMs = Date.parse(vector.setup.now) - (vector.setup.tokenAgeMs ?? 0);
        app.clock.set(tokenTakenMs);
        const accessToken = await accessTokenOf(app.baseUrl, credentialsOf(`vector${index}`));
        const names = { ...namesOf(group, index), access_token: accessToken, receiver: receiver.url("") };
        await check(vector, names, { app, receiver });
      });
    }
  });
}

test("each version has its vectors, and so has the token endpoint", (t) => {
  t.diagnostic(`${vectors.length} vectors`);
  const folders = new Set(vectors.map(({ name }) => name.slice(0, name.indexOf("/"))));
  assert.deepEqual([...folders].toSorted(), ["oauth", "v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"]);
  assert.equal(vectors.filter(({ name }) => name.startsWith("v2.1/recorded-")).length, 7);
});

type World = { readonly app: App; readonly receiver: Receiver };

async function check(vector: Vector, names: Readonly<Record<string, string>>, { app, receiver }: World): Promise<void> {
  const nowMs = Date.parse(vector.setup.now);
  const headers = filled({ Authorization: "Zoho-oauthtoken {access_token}" }, names);
  for (const step of filled(vector.setup.before ?? [], names)) {
    app.clock.set(step.now === undefined ? nowMs : Date.parse(step.now));
    const { status, text } = await send(app.baseUrl, { method: step.method, path: step.path, headers, body: step.body });
    assert.ok(status === 200 || status === 201, `${step.method} ${step.path} came to ${status}: ${text}`);
  }
  app.clock.set(nowMs);
  const answer = await send(app.baseUrl, filled(vector.request, names));
  assertAnswer(answer, filled(vector.response, names));
  api.assertAnswer(vector.request, answer);
  if (vector.callback === undefined) return;
  const callback = filled(vector.callback, names);
  const arrived = await receiver.next();
  assert.equal(arrived.method, "POST");
  assert.equal(arrived.target, callback.target);
  assertHeaders(arrived.headers, callback.headers);
  assertShows(arrived, callback.body, "bytes");
}

function assertAnswer(answer: Answer, expected: Vector["response"]): void {
  assert.equal(answer.status, expected.status, answer.text);
  assertHeaders(answer.headers, expected.headers ?? {});
  if (expected.body === null) {
    assert.equal(answer.text, "");
    return;
  }
  assert.match(answer.headers["content-type"] ?? "", /^application\/json/);
  assertShows(answer, expected.body, expected.compare ?? "value");
}

function assertHeaders(actual: Answer["headers"], expected: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = String(actual[name.toLowerCase()]);
    // Recording and ruling 15 write the charset in different case; it has none.
    const isSame = name.toLowerCase() === "content-type" ? found.toLowerCase() === value.toLowerCase() : found === value;
    assert.ok(isSame, `${name} is ${found}, not ${value}`);
  }
}
