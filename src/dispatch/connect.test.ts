import assert from "node:assert/strict";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { createTargetGuard } from "../app/target-guard.ts";
import type { Lookup } from "./connect.ts";
import { RefusedTargetError, createConnector } from "./connect.ts";
import { standardLimits } from "./dispatch-limits.ts";

const strict = createTargetGuard({ allowedCidrs: [] });
const dev = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });

function answering(...addresses: readonly string[]): Lookup {
  return (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
}

type Dial = { readonly guard: typeof dev; readonly hostname: string; readonly port: number; readonly lookup?: Lookup };

function dial({ guard, hostname, port, lookup }: Dial): Promise<Socket> {
  const connect = createConnector({ guard, limits: standardLimits, lookup });
  return new Promise((resolve, reject) => {
    connect({ hostname, host: `${hostname}:${port}`, protocol: "http:", port: String(port) }, (error, socket) =>
      error === null && socket !== null ? resolve(socket) : reject(error ?? new Error("no socket")),
    );
  });
}

async function listening(): Promise<AsyncDisposable & { readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

test("a name is dialled at the address that the guard saw", async () => {
  await using server = await listening();
  const socket = await dial({ guard: dev, hostname: "hook.example", port: server.port, lookup: answering("127.0.0.1") });
  assert.equal(socket.remoteAddress, "127.0.0.1");
  socket.destroy();
});

test("refused addresses are taken out of the lookup's answer", async () => {
  await using server = await listening();
  const lookup = answering("10.0.0.1", "::1", "169.254.169.254", "127.0.0.1");
  const socket = await dial({ guard: dev, hostname: "hook.example", port: server.port, lookup });
  assert.equal(socket.remoteAddress, "127.0.0.1");
  socket.destroy();
});

test("a name that stands for refused addresses only is refused, and nothing is dialled", async () => {
  await using server = await listening();
  for (const addresses of [["127.0.0.1"], ["127.0.0.1", "::1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], []]) {
    const dialled = dial({ guard: strict, hostname: "hook.example", port: server.port, lookup: answering(...addresses) });
    await assert.rejects(dialled, RefusedTargetError);
  }
  assert.equal(server.connections(), 0);
});

test("a literal address that is refused is not dialled", async () => {
  await using server = await listening();
  for (const hostname of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
    await assert.rejects(dial({ guard: strict, hostname, port: server.port }), RefusedTargetError);
  }
  assert.equal(server.connections(), 0);
});

test("a name that is not found fails with the lookup's own error", async () => {
  const lookup: Lookup = (_hostname, _options, callback) => callback(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
  await assert.rejects(dial({ guard: dev, hostname: "nowhere.example", port: 80, lookup }), { code: "ENOTFOUND" });
});
