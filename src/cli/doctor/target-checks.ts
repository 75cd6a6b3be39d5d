/**
 * Whether the targets of channels can be reached from here. A connection is opened and closed again, for https with its handshake; no request is
 * sent, so no receiver is triggered. Only addresses that the server's own guard allows are dialled, and each by its number: a name
 * that leads into a private network is told, not tried.
 */
import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TargetGuard } from "../../app/target-guard.ts";
import { plainText } from "../print/plain-text.ts";
import { reasonOf } from "../remote/exchange.ts";
import type { Check } from "./check.ts";
import { failure, good, warning } from "./check.ts";

const connectMs = 5_000;
const originsMax = 50;

/** A check for each origin among the targets. */
export async function targetChecks(targets: readonly string[], guard: TargetGuard): Promise<readonly Check[]> {
  const origins = [...new Set(targets.flatMap((target) => URL.parse(target)?.origin ?? []))].toSorted();
  const checks = await Promise.all(origins.slice(0, originsMax).map(async (origin) => targetCheck(new URL(origin), guard)));
  const left = origins.length - checks.length;
  return left === 0
    ? checks
    : [...checks, warning("targets", `${String(left)} more origins were not tried`, `doctor tries ${String(originsMax)}.`)];
}

async function targetCheck(origin: URL, guard: TargetGuard): Promise<Check> {
  const name = `target ${plainText(origin.host)}`;
  const advice = "Its channels cannot be delivered to: see to the receiver, or pause them.";
  try {
    const host = origin.hostname.replace(/^\[|\]$/g, "");
    const addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
    const allowed = addresses.find((address) => guard.isAddressAllowed(address));
    if (allowed === undefined) {
      const detail = `${addresses.join(", ")} is not public, so it was not tried`;
      return warning(name, detail, "If the server has --allow-target for it, give doctor the same.");
    }
    await dial(origin, { host, address: allowed });
    return good(name, `reached at ${allowed}${origin.protocol === "https:" ? ", certificate trusted" : ""}`);
  } catch (error) {
    return failure(name, reasonOf(error), advice);
  }
}

/** Opens a connection and closes it. */
async function dial({ protocol, port }: URL, { host, address }: { readonly host: string; readonly address: string }): Promise<void> {
  const isTls = protocol === "https:";
  const to = { host: address, timeout: connectMs, port: Number(port === "" ? (isTls ? 443 : 80) : port) };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket: Socket = isTls ? connectTls({ ...to, ...named }, resolve) : connectTcp(to, resolve);
  socket.once("timeout", () => reject(Object.assign(new Error("time is up"), { code: "ETIMEDOUT" })));
  socket.once("error", reject);
  try {
    await promise;
  } finally {
    socket.destroy();
  }
}
