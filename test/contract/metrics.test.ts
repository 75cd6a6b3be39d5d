/** What /metrics says of the main job, and that every metric is in the pages and on the dashboard under its own name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createMetrics } from "../../src/observe/metrics.ts";
import { tableKeys, parityFaults } from "../../tools/laws.ts";
import { readSource } from "../../tools/repository.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { Receiver } from "../support/receiver.ts";

const names = createMetrics({ version: "0", ofProcess: true }).names();

test("an edit that is delivered shows in what was written, changed, owed, attempted and settled, and in the time it took", async () => {
  await using app = await startApp();
  const receiver = await Receiver.start();
  try {
    const client = await app.client();
    await client.subscribe({ channel_id: "1", events: ["Deals.all"], notify_url: receiver.url() });
    await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
    await app.untilSettled(1);
    assert.equal(await app.metric("watchpost_records_written_total"), 1);
    assert.equal(await app.metric("watchpost_changes_committed_total"), 1);
    assert.equal(await app.metric("watchpost_deliveries_made_total"), 1);
    assert.equal(await app.metric('watchpost_attempts_total{outcome="delivered"}'), 1);
    assert.equal(await app.metric('watchpost_deliveries_settled_total{state="delivered"}'), 1);
    assert.equal(await app.metric("watchpost_delivery_latency_seconds_count"), 1);
    assert.equal(await app.metric('watchpost_channels{state="active",expires_in="1h"}'), 0);
    assert.equal(await app.metric('watchpost_channels{state="active",expires_in="24h"}'), 1);
    assert.ok((await app.metric("watchpost_writer_batch_commands_count")) > 0);
    assert.ok((await app.metric("watchpost_dispatch_claims_total")) > 0);
    assert.ok((await app.metric('watchpost_http_requests_total{surface="crm",status="2xx"}')) >= 2);
  } finally {
    await receiver.down();
  }
});

test("what waits is counted by state with its age, and a channel that was disabled by its cause", async () => {
  await using app = await startApp();
  const receiver = await Receiver.start();
  try {
    const client = await app.client();
    receiver.answerWith({ status: 410 });
    await client.subscribe({ channel_id: "1", events: ["Deals.all"], notify_url: receiver.url() });
    const id = await client.insert("Deals", { Deal_Name: "Big one", Stage: "Qualification" });
    await app.untilSettled(1);
    assert.equal(await app.metric('watchpost_channels_disabled_total{cause="gone"}'), 1);
    assert.equal(await app.metric('watchpost_deliveries_settled_total{state="dead"}'), 1);
    receiver.answerWith({ status: 500 });
    await client.subscribe({ channel_id: "2", events: ["Deals.all"], notify_url: receiver.url() });
    await client.update("Deals", id, { Stage: "Closed Won", Probability: 100 });
    await app.untilSettled(2);
    await client.update("Deals", id, { Stage: "Closed Lost", Probability: 0 });
    app.clock.advance(2_000);
    assert.equal(await app.metric('watchpost_backlog_deliveries{state="dead"}'), 1);
    assert.equal(await app.metric('watchpost_backlog_deliveries{state="pending"}'), 1);
    assert.equal(await app.metric('watchpost_backlog_deliveries{state="waiting"}'), 1);
    assert.equal(await app.metric('watchpost_oldest_delivery_age_seconds{state="pending"}'), 2);
    assert.equal(await app.metric('watchpost_channels{state="disabled",expires_in="1h"}'), 1);
  } finally {
    await receiver.down();
  }
});

test("an item that was refused, and a command that failed, are not counted", async () => {
  await using app = await startApp();
  const client = await app.client();
  await client.request("POST", "/Deals", { data: [{ Deal_Name: "No stage" }, { Deal_Name: "Good", Stage: "Qualification" }] });
  assert.equal(await app.metric("watchpost_records_written_total"), 1);
  const fault = app.engine.run("org.get", { caller: { org: 99, userId: "1" } });
  await assert.rejects(fault);
  assert.equal(await app.metric("watchpost_changes_committed_total"), 1);
});

test("a label holds no org, channel, module or address", async () => {
  await using app = await startApp();
  const { text } = await send(app.baseUrl, { method: "GET", path: "/metrics" });
  const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map((match) => match[1] ?? ""));
  const bounded = ["cause", "event", "expires_in", "le", "node", "outcome", "part", "stage", "state", "status", "surface", "version"];
  assert.deepEqual([...labels].toSorted(), bounded);
});

test("two servers in one process count each for itself", async () => {
  const one = createMetrics({ version: "1", ofProcess: false });
  const other = createMetrics({ version: "1", ofProcess: false });
  one.lifecycleNoted("channel.expiring");
  assert.match((await one.render()).text, /^watchpost_channel_lifecycle_total\{event="channel.expiring"\} 1$/m);
  assert.match((await other.render()).text, /^watchpost_channel_lifecycle_total\{event="channel.expiring"\} 0$/m);
});

test("every metric of ours is in docs/operations.md, and no other", () => {
  const own = names.filter((name) => name.startsWith("watchpost_"));
  const page = { name: "docs/operations.md", entries: tableKeys(readSource("docs/operations.md"), "Metrics") };
  assert.deepEqual(parityFaults({ name: "the registry", entries: own }, page), []);
});

test("every metric that the dashboard or an alert asks for is there, and every one of ours is on the dashboard", () => {
  const dashboard = readSource("docs/grafana-dashboard.json").text;
  const alerts = readSource("docs/operations.md").text;
  assert.deepEqual(unknownNames(dashboard), []);
  assert.deepEqual(unknownNames(alerts), []);
  assert.deepEqual(unknownNames("watchpost_nowhere_total"), ["watchpost_nowhere_total"]);
  const shown = new Set(namesIn(dashboard));
  assert.deepEqual(
    names.filter((name) => name.startsWith("watchpost_") && !shown.has(name)),
    [],
  );
});

test("the dashboard is one that Grafana takes: panels with targets, each with an id of its own and a place", () => {
  const dashboard = JSON.parse(readSource("docs/grafana-dashboard.json").text) as {
    title: string;
    panels: { id: number; type: string; gridPos: unknown; targets?: { expr: string }[] }[];
  };
  assert.equal(dashboard.title, "Watchpost");
  const ids = dashboard.panels.map(({ id }) => id);
  assert.ok(ids.length > 0);
  assert.equal(new Set(ids).size, ids.length);
  for (const panel of dashboard.panels) {
    assert.ok(panel.gridPos);
    if (panel.type !== "row") assert.ok((panel.targets ?? []).length > 0 && panel.targets?.every(({ expr }) => expr !== ""));
  }
});

/** The metrics named in the text, a histogram's by its own name. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:watchpost|process|nodejs)_\w+/g)].map(([name]) =>
    names.includes(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ""),
  );
}

function unknownNames(text: string): readonly string[] {
  // The session's cookie and other words of the page have no unit and no registry.
  return namesIn(text).filter((name) => !names.includes(name));
}
