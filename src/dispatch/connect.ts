/**
 * The second question to the target guard: about the address that is really dialled. A name is looked up here, what the guard refuses
 * is taken out of the answer, and the socket gets the rest and looks nothing up itself; so no second answer of a name server can
 * lead it elsewhere. A literal address skips the lookup and is judged before the socket is made.
 */
import type { LookupAddress, LookupAllOptions } from "node:dns";
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import type { buildConnector } from "undici";
import type { TargetGuard } from "../app/target-guard.ts";
import type { AnswerBounds } from "./answer-meter.ts";
import type { DispatchLimits } from "./dispatch-limits.ts";
import { createMeteredSockets } from "./metered-socket.ts";
import { undici } from "./undici.ts";

/** The system's name lookup, asked for every address. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The guard allows none of the addresses that the host stands for. */
export class RefusedTargetError extends Error {
  override readonly name = "RefusedTargetError";
  readonly code = "REFUSED_TARGET";

  constructor() {
    super("the target's address is not allowed");
  }
}

export type ConnectorOptions = {
  readonly guard: TargetGuard;
  readonly limits: AnswerBounds & Pick<DispatchLimits, "connectTimeoutMs">;
  /** undefined: the system's. */
  readonly lookup?: Lookup | undefined;
};

/** Connects undici to allowed addresses only, under a meter; fails with `RefusedTargetError` otherwise. HTTP/1.1 alone is offered. */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { guard, limits, lookup = systemLookup } = options;
  const { onread, watch } = createMeteredSockets(limits);
  let connect: buildConnector.connector | null = null;
  const open = (): buildConnector.connector =>
    undici().buildConnector({ lookup: judgedLookup(guard, lookup), timeout: limits.connectTimeoutMs, allowH2: false, onread });
  return (target, callback) => {
    if (isIP(target.hostname) !== 0 && !guard.isAddressAllowed(target.hostname)) {
      queueMicrotask(() => callback(new RefusedTargetError(), null));
      return;
    }
    connect ??= open();
    connect(target, (...connected) => {
      const [error, socket] = connected;
      if (error === null) watch(socket);
      callback(...connected);
    });
  };
}

function judgedLookup(guard: TargetGuard, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const allowed = found.filter(({ address }) => guard.isAddressAllowed(address));
      const [first] = allowed;
      if (first === undefined) callback(new RefusedTargetError(), []);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
