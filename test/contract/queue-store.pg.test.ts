import { test } from "node:test";
import { storeQueue } from "../../src/queue/store-queue.ts";
import { PostgresServer } from "../support/postgres.ts";
import { queueContract } from "./queue.ts";

const server = await PostgresServer.start();
test.after(() => server[Symbol.asyncDispose]());

queueContract({ name: "the store's own claim", database: () => server.database(), open: (engine) => Promise.resolve(storeQueue(engine)) });
