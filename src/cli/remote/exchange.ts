/** One exchange with a server, over undici; what goes wrong on the way is a `Complaint` that says what to do. */
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { plainText } from "../print/plain-text.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export type Outgoing = {
  readonly origin: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly authorization: string | null;
  /** null: none. */
  readonly body: unknown;
  /** How long the answer may take, in ms. */
  readonly waitMs: number;
};

export type Incoming = {
  readonly status: number;
  /** An empty object when there is no body. */
  readonly body: JsonObject;
  /** When the server sent it, by the server's own clock; null when it does not say. */
  readonly serverNow: number | null;
};

/** Sends it; an answer with any status is an answer. */
export async function exchange(outgoing: Outgoing): Promise<Incoming> {
  const { origin, method, path, authorization, body, waitMs } = outgoing;
  // Loaded when something is sent: `--help` and the completion of a shell are to be there at once.
  const { request } = await import("undici");
  let status: number;
  let text: string;
  let date: unknown;
  try {
    const response = await request(`${origin}${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...(authorization === null ? {} : { authorization }),
        ...(body === null ? {} : { "content-type": "application/json" }),
      },
      body: body === null ? null : JSON.stringify(body),
      headersTimeout: waitMs,
      bodyTimeout: waitMs,
    });
    status = response.statusCode;
    date = response.headers.date;
    text = await response.body.text();
  } catch (error) {
    throw unreachable(origin, error);
  }
  return { status, body: readObject(text, outgoing), serverNow: typeof date === "string" ? readDate(date) : null };
}

/** The complaint about a server that cannot be reached. */
export function unreachable(origin: string, error: unknown): Complaint {
  const advice = "Start one with `watchpost dev`, or name another with --url or WATCHPOST_URL.";
  return new Complaint(exitCodes.unreachable, `cannot reach a server at ${origin}: ${reasonOf(error)}. ${advice}`, { cause: error });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection",
  UND_ERR_SOCKET: "it closed the connection",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name cannot be looked up now",
  ETIMEDOUT: "it does not answer",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
  UND_ERR_HEADERS_TIMEOUT: "its answer takes too long",
  UND_ERR_BODY_TIMEOUT: "its answer takes too long",
  HPE_INVALID_CONSTANT: "it does not speak HTTP",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak https",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak https",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted (NODE_EXTRA_CA_CERTS=ca.pem names an authority)",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted (NODE_EXTRA_CA_CERTS=ca.pem names an authority)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted (NODE_EXTRA_CA_CERTS=ca.pem names an authority)",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** Why a connection failed, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const known = code === null ? undefined : reasons[code];
  return known ?? plainText(code ?? (error instanceof Error ? error.message : "the connection failed"));
}

/** The code of the error, or of what lies behind it. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  // A name with several addresses fails with all their errors in one.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function readObject(text: string, { origin, method, path }: Outgoing): JsonObject {
  if (text.trim() === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    // Expected: another program listens there, or a proxy answers in its place.
  }
  const place = `${method} ${path.split("?")[0] ?? ""}`;
  throw new Complaint(exitCodes.serverFault, `what answers ${place} at ${origin} is no Watchpost: its answer is not a JSON object`);
}

function readDate(text: string): number | null {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : atMs;
}
