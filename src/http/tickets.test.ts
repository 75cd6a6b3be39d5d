import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import { startMs } from "./server-under-test.ts";
import type { Ticket } from "./tickets.ts";
import { createTickets } from "./tickets.ts";

const ticket: Ticket = {
  request: {
    clientId: "1000.W",
    clientName: "Web",
    orgName: "Acme",
    redirectUri: "https://w.example/cb",
    scopes: ["ZohoCRM.org.READ"],
    state: "ä\u0000<",
    isOffline: true,
  },
  user: null,
};
const key = Buffer.alloc(32, 1);

test("a ticket is read as it was written, until it is too old", () => {
  const clock = { at: startMs };
  const tickets = createTickets(key, { now: () => clock.at });
  const text = tickets.write(ticket);
  clock.at += limits.signInFormMs - 1;
  assert.deepEqual(tickets.read(text), ticket);
  clock.at += 1;
  assert.equal(tickets.read(text), null);
});

test("what another key signed, or was changed, or is no ticket, is none", () => {
  const tickets = createTickets(key, { now: () => startMs });
  const text = tickets.write(ticket);
  const [payload = "", signature = ""] = text.split(".");
  const forged = Buffer.from(JSON.stringify({ ticket: { ...ticket, user: { userId: "1" } }, until: startMs * 2 })).toString("base64url");
  const others = [
    createTickets(Buffer.alloc(32, 2), { now: () => startMs }).write(ticket),
    `${forged}.${signature}`,
    `${payload}.`,
    payload,
    `.${signature}`,
    `${payload}.${signature.slice(1)}`,
    "",
    ".",
  ];
  for (const other of others) assert.equal(tickets.read(other), null, other);
});
