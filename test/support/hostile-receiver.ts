/**
 * A receiver in a process of its own that answers a POST to `/<name of a hostile answer>` accordingly, over plain TCP or in place of TLS,
 * and a POST to `/gibberish:<seed>` with gibberish; any other is answered 200 as soon as `hold` of them (0 at first) are there.
 *
 * To its parent it says its ports; its parent says `{ hold }`.
 */
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { gibberish, gibberishPrefix, hostileAnswers } from "./hostile-answers.ts";

export type ReceiverPorts = { readonly port: number; readonly tlsPorts: Readonly<Record<string, number>> };

const requestForm = /^POST (?:\/([^ ]*)) HTTP\/1\.1\r\n[^]*?content-length: (\d+)\r\n(?:[^]*?\r\n)?\r\n/;
const good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

let hold = 0;
const held: Socket[] = [];

const plain = createServer((socket) => {
  let text = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    const request = requestForm.exec(text);
    if (request === null || text.length < request[0].length + Number(request[2])) return;
    text = "";
    const name = decodeURIComponent(request[1] ?? "");
    const answer = hostileAnswers[name];
    if (name.startsWith(gibberishPrefix)) socket.end(gibberish(Number(name.slice(gibberishPrefix.length))));
    else if (answer === undefined) answerWell(socket);
    else answer.act(socket);
  });
});

// The name of the answer is in what cannot be read yet; so each has a port of its own.
const secure = Object.entries(hostileAnswers)
  .filter(([, answer]) => answer.isTls === true)
  .map(([name, answer]) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      answer.act(socket);
    });
    return { name, server };
  });

function answerWell(socket: Socket): void {
  held.push(socket);
  if (held.length < hold) return;
  for (const waiting of held.splice(0)) waiting.write(good);
}

let listening = 0;
for (const server of [plain, ...secure.map((each) => each.server)]) {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 2_000 }, () => {
    listening += 1;
    if (listening <= secure.length) return;
    const tlsPorts = Object.fromEntries(secure.map((each) => [each.name, portOf(each.server)]));
    const ports: ReceiverPorts = { port: portOf(plain), tlsPorts };
    process.send?.(ports);
  });
}

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port;
}

process.on("message", (message: { readonly hold: number }) => {
  hold = message.hold;
});
process.on("disconnect", () => process.exit());
