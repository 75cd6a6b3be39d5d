/** The store contract over PostgreSQL, and what only the shared store promises. */
import { test } from "node:test";
import { openPostgresStore } from "../../src/store/postgres/open.ts";
import { PostgresServer } from "../support/postgres.ts";
import { storeContract } from "./store.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

storeContract("PostgreSQL", async () => openPostgresStore({ url: await server.database(), connectionsMax: 2 }));
