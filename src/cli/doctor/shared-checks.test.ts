import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, refuse } from "../../core/result.ts";
import type { BrokerServer } from "../../queue/nats-examine.ts";
import type { DatabaseExam, DatabaseFacts } from "../../store/postgres/examine.ts";
import { brokerChecks } from "./broker-checks.ts";
import type { Check } from "./check.ts";
import { databaseChecks } from "./database-checks.ts";

const facts: DatabaseFacts = {
  version: "15.4",
  isTooOld: false,
  login: "watchpost",
  schema: "public",
  mayCreate: true,
  tables: 0,
  foreignTables: 0,
  encoding: "UTF8",
  isStandby: false,
  isReadOnly: false,
  fsync: "on",
  fullPageWrites: "on",
  synchronousCommit: "on",
  waitsForReplica: false,
  replicas: 0,
  connectionsMax: 97,
  othersConnected: 7,
  loginConnectionsMax: null,
  databaseConnectionsMax: null,
  aheadMs: 0,
};
const exam: DatabaseExam = { facts: ok(facts), schema: ok({ kind: "none", missing: [] }), session: ok(undefined), move: ok(undefined) };

/** Of what is not as it should be, `name: verdict`; whatever is wrong has something to do beside it. */
function faults(checks: readonly Check[]): readonly string[] {
  const wrong = checks.filter(({ verdict }) => verdict !== "ok");
  assert.ok(wrong.every(({ advice }) => advice !== null && advice !== ""));
  return wrong.map(({ name, verdict }) => `${name}: ${verdict}`);
}

test("each fact of a database that is not as it should be is one line, and no other line changes with it", () => {
  const rows: readonly (readonly [Partial<DatabaseFacts>, nodes: number, readonly string[]])[] = [
    [{}, 5, []],
    [{ isTooOld: true }, 1, ["version: fail"]],
    [{ encoding: "SQL_ASCII" }, 1, ["encoding: fail"]],
    [{ mayCreate: false }, 1, ["login: fail"]],
    [{ schema: null, mayCreate: false }, 1, ["login: fail"]],
    [{ foreignTables: 2 }, 1, ["login: fail"]],
    [{ isStandby: true, isReadOnly: true }, 1, ["writes: fail"]],
    [{ isReadOnly: true }, 1, ["writes: fail"]],
    [{ fsync: "off" }, 1, ["commits: warn"]],
    [{ fullPageWrites: "off" }, 1, ["commits: warn"]],
    [{ synchronousCommit: "off" }, 1, ["commits: warn"]],
    [{ synchronousCommit: "remote_apply" }, 1, []],
    [{ waitsForReplica: true }, 1, ["commits: fail"]],
    [{ waitsForReplica: true, replicas: 1 }, 1, []],
    [{ aheadMs: 1_900 }, 1, []],
    [{ aheadMs: -2_100 }, 1, ["database clock: warn"]],
    [{}, 6, ["connections: warn"]],
    [{}, 31, ["connections: fail"]],
    [{ loginConnectionsMax: 17 }, 1, ["connections: warn"]],
    [{ databaseConnectionsMax: 2 }, 1, ["connections: fail"]],
    [{ othersConnected: 200 }, 1, ["connections: fail"]],
    [{ tables: 3 }, 1, ["schema: warn"]],
  ];
  for (const [part, nodes, expected] of rows) {
    const checks = databaseChecks({ ...exam, facts: ok({ ...facts, ...part }) }, { place: "db.example/x", nodes });
    assert.deepEqual(faults(checks), expected, JSON.stringify(part));
    assert.equal(checks.length, 10);
  }
});

test("what of a database cannot be asked fails by itself, in the words of the database", () => {
  const broken = { ...exam, session: refuse("a pooler lends"), schema: refuse("permission denied") };
  const checks = databaseChecks(broken, { place: "db.example/x", nodes: 1 });
  assert.deepEqual(faults(checks), ["schema: fail", "sessions: fail"]);
  const mute = databaseChecks({ ...exam, facts: refuse("the database took too long") }, { place: "db.example/x", nodes: 1 });
  assert.deepEqual(faults(mute), ["database: fail"]);
});

const server: BrokerServer = { id: "1", version: "2.10.4", isTooOld: false, cluster: "C", told: 3, payloadBytesMax: 1_048_576 };

function brokerFaults(servers: readonly Partial<BrokerServer>[], replicas: number): readonly string[] {
  const named = servers.map((part, place) => ({ place: `${String(place)}:4222`, server: ok({ ...server, ...part }) }));
  return faults(brokerChecks({ servers: named, account: ok({ storageBytesMax: null }) }, replicas));
}

test("three copies need three servers of one cluster, named or told of", () => {
  assert.deepEqual(brokerFaults([{}], 3), []);
  assert.deepEqual(brokerFaults([{ told: 0 }, { told: 0, id: "2" }, { told: 0, id: "3" }], 3), []);
  assert.deepEqual(brokerFaults([{ told: 2 }], 3), ["copies: fail"]);
  assert.deepEqual(brokerFaults([{ told: 0 }, { told: 0 }, { told: 0 }], 3), ["copies: warn"], "one server by three names");
  assert.deepEqual(brokerFaults([{ cluster: null }], 3), ["copies: fail"]);
  assert.deepEqual(brokerFaults([{}, { cluster: "D" }], 3), ["copies: fail"]);
  assert.deepEqual(brokerFaults([{ cluster: null }], 1), []);
});

test("a server of NATS that is old or takes small messages is told, and storage is counted for every copy", () => {
  assert.deepEqual(brokerFaults([{ isTooOld: true }], 1), ["NATS: fail"]);
  assert.deepEqual(brokerFaults([{ payloadBytesMax: 65_536 }], 1), ["payload: warn"]);
  const servers = [{ place: "0:4222", server: ok(server) }];
  const account = ok({ storageBytesMax: 300 * 1024 * 1024 });
  assert.deepEqual(faults(brokerChecks({ servers, account }, 1)), []);
  assert.deepEqual(faults(brokerChecks({ servers, account }, 3)), ["JetStream: fail"]);
  const unreached = { servers: [{ place: "0:4222", server: refuse("connection refused") }], account: null };
  assert.deepEqual(faults(brokerChecks(unreached, 3)), ["NATS: fail"]);
});
