/** What was found of a database, in lines. */
import { type DatabaseExam, type DatabaseFacts, serverConnections } from "../../store/postgres/examine.ts";
import { type Check, failure, good, warning } from "./check.ts";

const clockMsWarn = 2_000;

export function unreachableCheck(place: string, reason: string): Check {
  return failure(
    "database",
    `${place}: ${reason}`,
    "See to host, port, name, login and TLS in its URL, to who may connect (pg_hba.conf), and to whether it has connections left.",
  );
}

type Wanted = { readonly place: string; readonly nodes: number };

export function databaseChecks({ facts, schema, move, session }: DatabaseExam, { place, nodes }: Wanted): readonly Check[] {
  const known = facts.ok ? factChecks(facts.value, { place, nodes }) : [failure("database", `${place}: ${facts.error}`, tryAgain)];
  return [...known, schemaCheck({ schema, move }, facts.ok ? facts.value : null), sessionCheck(session)];
}

const tryAgain = "It was reached and did not answer this: look at its log, then try again.";

function factChecks(facts: DatabaseFacts, { place, nodes }: Wanted): readonly Check[] {
  return [
    good("database", `${place} reached, as ${facts.login}`),
    versionCheck(facts),
    encodingCheck(facts),
    loginCheck(facts),
    writesCheck(facts),
    commitsCheck(facts),
    clockCheck(facts),
    connectionsCheck(facts, nodes),
  ];
}

function versionCheck({ version, isTooOld }: DatabaseFacts): Check {
  const detail = `PostgreSQL ${version}`;
  return isTooOld ? failure("version", detail, "Use PostgreSQL 15 or newer: no server starts on an older one.") : good("version", detail);
}

function encodingCheck({ encoding }: DatabaseFacts): Check {
  if (encoding === "UTF8") return good("encoding", encoding);
  return failure("encoding", encoding, "Make the database anew with encoding 'UTF8': another one does not hold every text.");
}

function loginCheck({ login, schema, mayCreate, foreignTables }: DatabaseFacts): Check {
  if (schema === null || !mayCreate) {
    const detail = schema === null ? `${login} has no schema to make tables in` : `${login} may make nothing in the schema ${schema}`;
    return failure("login", detail, "Make it the owner of the database, or grant it create on a schema of its search_path.");
  }
  if (foreignTables > 0) {
    const detail = `${String(foreignTables)} tables in the schema ${schema} belong to another role`;
    return failure("login", detail, "Give them to this one (alter table … owner to), or log in as the role that made them.");
  }
  return good("login", `${login} may make tables in the schema ${schema}`);
}

function writesCheck({ isStandby, isReadOnly }: DatabaseFacts): Check {
  if (isStandby) return failure("writes", "it is a standby, which takes none", "Name the primary, or an address that follows it.");
  const advice = "Reset default_transaction_read_only for the login, the database and the server.";
  return isReadOnly ? failure("writes", "transactions are read-only", advice) : good("writes", "it takes them");
}

function commitsCheck({ fsync, fullPageWrites, synchronousCommit, waitsForReplica, replicas }: DatabaseFacts): Check {
  if (waitsForReplica && replicas === 0) {
    const detail = "they wait for a replica (synchronous_standby_names), and none is connected";
    return failure("commits", detail, "Let the replica connect: until then no write is answered.");
  }
  const off = Object.entries({ fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit })
    .filter(([, value]) => value === "off")
    .map(([name]) => name);
  if (off.length === 0) return good("commits", `fsync on, synchronous_commit ${synchronousCommit}`);
  return warning(
    "commits",
    `${off.join(", ")} off`,
    "Turn it on: without, a crash of the database loses what was acknowledged, or damages the database.",
  );
}

function clockCheck({ aheadMs }: DatabaseFacts): Check {
  const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
  if (Math.abs(aheadMs) <= clockMsWarn) return good("database clock", `${seconds} s off this machine's`);
  const detail = `${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's`;
  return warning("database clock", detail, "Set both by NTP; nodes whose clocks differ write instants that contradict each other.");
}

function connectionsCheck(facts: DatabaseFacts, nodes: number): Check {
  const { connectionsMax, othersConnected, loginConnectionsMax, databaseConnectionsMax } = facts;
  const bounds = [loginConnectionsMax, databaseConnectionsMax].filter((bound) => bound !== null);
  const left = Math.max(0, Math.min(connectionsMax - othersConnected, ...bounds));
  const needed = nodes * serverConnections.most;
  const detail = `${String(left)} for servers on this database, ${String(needed)} needed by ${nodes === 1 ? "one" : String(nodes)}`;
  if (left >= needed) return good("connections", detail);
  const advice = `Raise max_connections, or the limit of the login or the database: a busy server takes ${String(serverConnections.most)}.`;
  return left < nodes * serverConnections.least ? failure("connections", detail, advice) : warning("connections", detail, advice);
}

function schemaCheck({ schema, move }: Pick<DatabaseExam, "schema" | "move">, facts: DatabaseFacts | null): Check {
  if (!schema.ok) {
    const advice = "Let the login read the tables, best by being their owner; or look again, where a server is making them just now.";
    return failure("schema", schema.error, advice);
  }
  if (!move.ok) return failure("schema", move.error, "No server starts on it before.");
  const state = schema.value;
  switch (state.kind) {
    case "newer":
      return failure(
        "schema",
        `newer than this program: it has ${state.unknown}`,
        "Start the Watchpost that made it, or a later one; this one refuses it.",
      );
    case "older": {
      const advice = "The next start brings it up to date, and no earlier version starts on it then: back up first.";
      return warning("schema", `older than this program, which has ${state.missing.join(", ")} besides`, advice);
    }
    case "none":
      if (facts === null || facts.tables === 0) return good("schema", "empty; the first start makes it");
      return warning(
        "schema",
        `none of Watchpost's, but ${String(facts.tables)} tables`,
        "Give Watchpost a database of its own: names may clash.",
      );
    case "current":
      return good("schema", `this program's, ${state.last}`);
  }
}

function sessionCheck(session: DatabaseExam["session"]): Check {
  if (session.ok) return good("sessions", "a connection keeps its own");
  return failure(
    "sessions",
    session.error,
    "No server starts so: connect past the pooler, or let it keep sessions and have connections enough.",
  );
}
