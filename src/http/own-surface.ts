/** The surfaces that are not the CRM's: the token endpoint, the probes, and the admin API under its own token. */
import type { IncomingMessage } from "node:http";
import type { Engine } from "../app/commands.ts";
import type { MetricsAccess } from "../config/options.ts";
import type { VirtualClock } from "../config/virtual-clock.ts";
import type { AuditActor } from "../core/audit.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Events } from "../observe/events.ts";
import type { HealthMonitor } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Accounts } from "./accounts.ts";
import type { Answer } from "./answer.ts";
import { ownError } from "./answer.ts";
import { writeDown } from "./audit-log.ts";
import { bearerOf } from "./authentication.ts";
import { askSession, hasCsrfToken, sessionIdOf } from "./console-session.ts";
import type { Params } from "./crm-endpoint.ts";
import type { DocsPage } from "./docs-page.ts";
import type { OperatorParts } from "./operator-parts.ts";
import { isFromOwnPage } from "./own-origin.ts";
import type { OwnRoute } from "./own-routes.ts";
import type { Query } from "./query.ts";

/** The OpenAPI document, and the entity tag of its text. */
export type ApiDocument = { readonly text: string; readonly tag: string };

export type OwnCall = {
  readonly engine: Pick<Engine, "run">;
  readonly events: Pick<Events, "auditFaulted">;
  readonly accounts: Accounts;
  /** What stands behind the console. */
  readonly operator: OperatorParts;
  /** The console session under which the caller asks; null: none, or not a route of the admin API. */
  readonly sessionId: string | null;
  readonly health: Pick<HealthMonitor, "report">;
  readonly metrics: Pick<Metrics, "render">;
  readonly metricsAccess: MetricsAccess;
  /** null: the server keeps real time. */
  readonly virtualClock: VirtualClock | null;
  readonly raw: IncomingMessage;
  readonly params: Params;
  readonly query: Query;
  readonly baseUrl: string;
  /** Watchpost's own version. */
  readonly programVersion: string;
  readonly apiDocument: () => Promise<ApiDocument>;
  readonly docsPage: () => Promise<DocsPage>;
  /** The instant of the server's clock. */
  readonly now: () => number;
  /** To be called when a replay was made. */
  readonly onReplay: () => void;
  /** The server takes no new connections. */
  readonly isClosing: boolean;
};

export type OwnEndpoint = (call: OwnCall) => Promise<Answer>;
export type OwnMethods = Readonly<Record<string, OwnEndpoint>>;

/** Answers by the row's endpoint for the method, or 405. */
export async function answerOpen(methods: OwnMethods, method: string, call: OwnCall): Promise<Answer> {
  const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (endpoint !== undefined) return endpoint(call);
  const message = `This path does not take ${method}.`;
  return ownError(405, { code: "method_not_allowed", message }, ["Allow", Object.keys(methods).join(", ")]);
}

/**
 * As `answerOpen`, for a caller who shows an admin token (`Authorization: Bearer <token>`), or a browser signed in to the console. Who asks
 * comes before the method. Whatever is no GET is written down.
 */
export async function answerAdmin({ methods, path }: OwnRoute, method: string, call: OwnCall): Promise<Answer> {
  const asker = await identify(method, call);
  if (!asker.ok) return asker.error;
  const { actor, sessionId } = asker.value;
  const answer = await answerOpen(methods, method, { ...call, sessionId });
  if (method !== "GET" && Object.hasOwn(methods, method)) await writeDown(call, { actor, method, route: path, status: answer.status });
  return answer;
}

type Asker = { readonly actor: AuditActor; readonly sessionId: string | null };

async function identify(method: string, call: OwnCall): Promise<Result<Asker, Answer>> {
  const { engine, operator, raw, baseUrl } = call;
  const sessionId = raw.headers.authorization === undefined ? sessionIdOf(raw) : null;
  // A stream that stays open is no sign of a person.
  const isUse = !operator.isStream(raw);
  if (sessionId !== null && (await askSession({ engine, realNow: operator.realNow }, sessionId, isUse)) !== null) {
    const isReading = method === "GET";
    if (isReading ? raw.headers["sec-fetch-site"] === "cross-site" : !isFromOwnPage(raw, baseUrl)) return refuse(notFromHere());
    if (!isReading && !hasCsrfToken(raw, sessionId)) return refuse(noCsrfToken());
    return ok({ actor: "console", sessionId });
  }
  return (await isAdmin(call)) ? ok({ actor: "token", sessionId: null }) : refuse(unauthorized(call));
}

/** Whether the caller shows an admin token. */
export async function isAdmin(call: OwnCall): Promise<boolean> {
  const adminToken = tokenOf(call);
  return adminToken !== null && call.engine.run("admin.hasToken", { adminToken });
}

export function unauthorized(call: OwnCall): Answer {
  const challenge = tokenOf(call) === null ? 'Bearer realm="watchpost"' : 'Bearer realm="watchpost", error="invalid_token"';
  return ownError(401, { code: "unauthorized", message: "An admin token is needed: Authorization: Bearer <token>." }, [
    "WWW-Authenticate",
    challenge,
  ]);
}

/** The second lock behind the cookie's SameSite. */
export function notFromHere(): Answer {
  return ownError(403, { code: "foreign_origin", message: "This request was sent by a page of another site." });
}

export function noCsrfToken(): Answer {
  const message = "Under the console's cookie this needs the header X-Watchpost-CSRF, with the text that GET /console/session gives.";
  return ownError(403, { code: "csrf_failed", message });
}

function tokenOf({ raw }: OwnCall): string | null {
  return bearerOf(raw.headers.authorization, /^bearer +(\S+)$/i);
}

export function unknownOwnPath(): Answer {
  return ownError(404, { code: "not_found", message: "There is nothing at this path." });
}

/** The answer when something was thrown; nothing of it shows. null: coming again is of no use. */
export function ownFault(retryAfterSeconds: number | null): Answer {
  if (retryAfterSeconds === null) {
    return ownError(500, { code: "internal", message: "Something went wrong here. The server's log says what." });
  }
  return ownError(503, { code: "overloaded", message: "The server cannot take more work now. Try again in a moment." }, [
    "Retry-After",
    String(retryAfterSeconds),
  ]);
}
