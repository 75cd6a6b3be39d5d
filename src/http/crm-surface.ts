/**
 * The CRM's way to answer, the same for every endpoint. The checks come in the order URL and version, method, authentication,
 * scope, and only then parameters and body, so that nothing is read for a caller who may not ask.
 */
import type { IncomingMessage } from "node:http";
import type { Engine } from "../app/commands.ts";
import type { Clock } from "../core/clock.ts";
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import type { Result } from "../core/result.ts";
import { renderRefusal } from "../wire/error-codes.ts";
import { parseJson } from "../wire/lossless-json.ts";
import { allows } from "../wire/scopes.ts";
import type { Version } from "../wire/versions.ts";
import { versionNamed, versions } from "../wire/versions.ts";
import type { Answer } from "./answer.ts";
import type { Session } from "./authentication.ts";
import { createAuthenticator } from "./authentication.ts";
import { readBody } from "./body.ts";
import type { CrmCall, CrmEndpoint, CrmReply, Params } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import type { CrmHeaders } from "./crm-headers.ts";
import type { Query } from "./query.ts";

/** A request as the router hands it over. */
export type Asked = { readonly raw: IncomingMessage; readonly method: string; readonly params: Params; readonly query: Query };

export type CrmSurface = {
  answer(methods: Readonly<Record<string, CrmEndpoint>>, asked: Asked): Promise<Answer>;
  /** The answer to a path that names nothing. */
  unknownPath(): Answer;
  /** The answer to a method of which not even the path was read. */
  unknownMethod(): Answer;
  /** The answer when `error` was thrown; nothing of it shows. */
  fault(isOverloaded: boolean): Answer;
};

export type CrmSurfaceOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly clock: Pick<Clock, "now">;
  readonly headers: CrmHeaders;
  /** Asked for each request, since the port is known only after listening. */
  readonly baseUrl: () => string;
};

/** First parts of a path below the version that are no module; what their own rows do not take is no path at all. */
const reservedParts: ReadonlySet<string> = new Set(["actions", "settings", "users", "org", "coql", "bulk", "files"]);

/** For the refusals that read alike in every version. */
const anyVersion = versions.v2;

export function createCrmSurface({ engine, clock, headers, baseUrl }: CrmSurfaceOptions): CrmSurface {
  const authenticator = createAuthenticator({ clock, principalOf: (accessToken) => engine.run("auth.principal", { accessToken }) });

  return {
    async answer(methods, { raw, method, params, query }) {
      const version = versionNamed(pathPart(params, "version"));
      if (version === undefined || reservedParts.has(pathPart(params, "module").toLowerCase())) return unknownPath();
      const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (endpoint === undefined) return refusal({ code: "method_invalid" }, version, headers.refusedTarget);
      const session = await authenticator.authenticate(raw.headers.authorization);
      if (!session.ok) return refusal(session.error, version, headers.refusedCaller);
      const { principal, caller } = session.value;
      if (!allows(principal.scopes, endpoint.need(params))) return refusal({ code: "scope_mismatch" }, version, headers.refusedCaller);
      const call: CrmCall = {
        engine,
        principal,
        caller,
        version,
        params,
        query,
        baseUrl: baseUrl(),
        forgetSessions: () => authenticator.forgetSessions(),
        readJson: () => readJson(raw),
      };
      return served(await endpoint.run(call), version, session.value);
    },
    unknownPath,
    unknownMethod: () => refusal({ code: "method_invalid" }, anyVersion, headers.refusedTarget),
    fault(isOverloaded) {
      if (!isOverloaded) return refusal({ code: "internal" }, anyVersion, headers.refusedCaller);
      return refusal({ code: "overloaded" }, anyVersion, [
        ...headers.refusedCaller,
        "Retry-After",
        String(limits.overloadedRetryAfterSeconds),
      ]);
    },
  };

  function unknownPath(): Answer {
    return refusal({ code: "url_invalid" }, anyVersion, headers.refusedTarget);
  }

  function served(result: Result<CrmReply>, version: Version, session: Session): Answer {
    if (!result.ok) return refusal(result.error, version, [...headers.served, ...session.headers]);
    const { status, body } = result.value;
    if (body === null) return { status, headers: [...headers.servedEmpty, ...session.headers], text: null };
    return { status, headers: [...headers.served, ...session.headers], text: JSON.stringify(body) };
  }
}

function refusal(error: Refusal, version: Version, headers: readonly string[]): Answer {
  const { body, httpStatus } = renderRefusal(error, version);
  return { status: httpStatus, headers, text: JSON.stringify(body) };
}

async function readJson(raw: IncomingMessage): Promise<Result<unknown>> {
  const body = await readBody(raw, limits.requestBodyBytesMax);
  return body.ok ? parseJson(body.value.toString("utf8")) : body;
}
