/** How a connection to NATS is asked for: where, in whose name, and how long anything may take. */
import { type Authenticator, type ConnectionOptions, credsAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";
import { limits } from "../core/limits.ts";
import { natsServers } from "../core/nats-url.ts";
import type { NatsAccess } from "./nats-access.ts";

/** About what a message takes besides its text. */
export const headerBytes = 1_024;

export function connectionOptions({ url, creds, ca, cert, key }: NatsAccess): ConnectionOptions {
  const { places, isTls, login } = natsServers(url);
  const files = { ...(ca === null ? {} : { ca }), ...(cert === null ? {} : { cert }), ...(key === null ? {} : { key }) };
  return {
    servers: [...places],
    name: "watchpost",
    timeout: limits.brokerRestMs,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: limits.brokerReconnectMs,
    pingInterval: limits.brokerPingMs,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    ...(isTls || Object.keys(files).length > 0 ? { tls: files } : {}),
    ...loginOf(login),
    ...(creds === null ? {} : { authenticator: authenticatorOf(creds) }),
  };
}

/** Of credentials as `nsc` writes them, or of a seed alone. */
function authenticatorOf(creds: string): Authenticator {
  const seed = /^SU[A-Z2-7]{56}$/m.exec(creds);
  const encoder = new TextEncoder();
  return creds.includes("NATS USER JWT") || seed === null
    ? credsAuthenticator(encoder.encode(creds))
    : nkeyAuthenticator(encoder.encode(seed[0]));
}

function loginOf(login: ReturnType<typeof natsServers>["login"]): Pick<ConnectionOptions, "user" | "pass" | "token"> {
  if (login === null) return {};
  return login.password === null ? { token: login.user } : { user: login.user, pass: login.password };
}
