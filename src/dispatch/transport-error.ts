/** Why no answer came, in words an operator can act on. Never the error's own message: it may hold the URL, query and all. */
import type { OutcomeKind } from "../core/delivery.ts";

const texts: Readonly<Record<string, string>> = {
  REFUSED_TARGET: "the target's address is not allowed",
  ATTEMPT_TIMEOUT: "no answer in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_BODY_TIMEOUT: "no answer in time",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  ETIMEDOUT: "no connection in time",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection closed before an answer",
  EPIPE: "connection closed before an answer",
  UND_ERR_SOCKET: "connection closed before an answer",
  ANSWER_TOO_LARGE: "the answer's headers are too large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer is not HTTP",
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are too large",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the host",
  EADDRNOTAVAIL: "no route to the host",
  EPROTO: "the TLS handshake failed",
  CERT_HAS_EXPIRED: "the TLS certificate has expired",
  CERT_NOT_YET_VALID: "the TLS certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the TLS certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the TLS certificate is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the TLS certificate's issuer is not known",
  UNABLE_TO_GET_ISSUER_CERT: "the TLS certificate's issuer is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the TLS certificate's issuer is not known",
  ERR_TLS_CERT_ALTNAME_INVALID: "the TLS certificate is for another host",
};

const prefixes: readonly (readonly [prefix: string, text: string])[] = [
  ["HPE_", "the answer is not HTTP"],
  ["ERR_SSL_", "the TLS handshake failed"],
];

export type TransportFailure = { readonly outcome: OutcomeKind; readonly text: string };

/** The outcome and its words, at most `charsMax` characters. */
export function transportFailure(error: unknown, charsMax: number): TransportFailure {
  const code = codeOf(error);
  const known = code === null ? undefined : (texts[code] ?? prefixes.find(([prefix]) => code.startsWith(prefix))?.[1]);
  const text = known ?? (code === null ? "the request failed" : `the request failed (${code})`);
  return { outcome: code === "REFUSED_TARGET" ? "refused_target" : "unreachable", text: text.slice(0, charsMax) };
}

/** The code of the error, or of the first it holds or was caused by; null when there is none that looks like a code. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // undici's parser leaves its code empty; only the name tells.
  if (error.name === "HTTPParserError") return "HPE_INVALID";
  if ("code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]*$/.test(error.code)) return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
