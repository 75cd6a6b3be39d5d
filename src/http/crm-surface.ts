/**
 * The CRM's way to answer, the same for every endpoint. The checks come in the order URL and version, method, authentication,
 * scope, and only then parameters and body, so that nothing is read for a caller who may not ask.
 */
import type { IncomingMessage } from "node:http";
import type { Engine } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import type { Refusal } from "../core/refusal.ts";
import { isReservedName } from "../core/reserved-names.ts";
import type { Result } from "../core/result.ts";
import { renderRefusal } from "../wire/error-codes.ts";
import { parseJson } from "../wire/lossless-json.ts";
import { allows } from "../wire/scopes.ts";
import type { Version } from "../wire/versions.ts";
import { versionNamed, versions } from "../wire/versions.ts";
import type { Answer } from "./answer.ts";
import type { Authenticator, Session } from "./authentication.ts";
import { readBody } from "./body.ts";
import { TokenEnded, callerEngine } from "./caller-engine.ts";
import type { CrmCall, CrmEndpoint, CrmReply, Params } from "./crm-endpoint.ts";
import { pathPart } from "./crm-endpoint.ts";
import type { CrmHeaders } from "./crm-headers.ts";
import type { Query } from "./query.ts";
import type { Quota, Turned, Visit } from "./quota.ts";

/** A request as the router hands it over. */
export type Asked = { readonly raw: IncomingMessage; readonly method: string; readonly params: Params; readonly query: Query };

export type CrmSurface = {
  answer(methods: Readonly<Record<string, CrmEndpoint>>, asked: Asked): Promise<Answer>;
  /** The answer to a path that names nothing. */
  unknownPath(): Answer;
  /** The answer to a method of which not even the path was read. */
  unknownMethod(): Answer;
  /** The answer when something was thrown; nothing of it shows. null: coming again is of no use. */
  fault(retryAfterSeconds: number | null): Answer;
};

export type CrmSurfaceOptions = {
  readonly engine: Pick<Engine, "run">;
  readonly authenticator: Authenticator;
  readonly headers: CrmHeaders;
  readonly quota: Quota;
  /** Asked for each request, since the port is known only after listening. */
  readonly baseUrl: () => string;
};

/** For the refusals that read alike in every version. */
const anyVersion = versions.v2;

export function createCrmSurface({ engine, authenticator, headers, quota, baseUrl }: CrmSurfaceOptions): CrmSurface {
  return {
    async answer(methods, { raw, method, params, query }) {
      const version = versionNamed(pathPart(params, "version"));
      // What the own rows of a reserved name do not take is no path at all.
      if (version === undefined || isReservedName(pathPart(params, "module"))) return unknownPath();
      const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (endpoint === undefined) return refusal({ code: "method_invalid" }, version, headers.refusedTarget);
      const session = await authenticator.authenticate(raw.headers.authorization);
      if (!session.ok) return refusal(session.error, version, headers.refusedCaller);
      const { principal, caller } = session.value;
      const need = endpoint.need(params);
      if (!allows(principal.scopes, need)) return refusal({ code: "scope_mismatch" }, version, headers.refusedCaller);
      const visit = quota.enter(principal.org);
      if (!visit.ok) return turned(visit.error, version, session.value);
      const { authorization } = raw.headers;
      const call: CrmCall = {
        engine: callerEngine({ engine, authenticator, authorization, session: session.value }),
        principal,
        caller,
        version,
        params,
        query,
        headers: raw.headers,
        baseUrl: baseUrl(),
        forgetSessions: () => authenticator.forgetSessions(),
        readJson: () => readJson(raw, need.service === "modules" ? visit.value : null),
      };
      try {
        return served(await endpoint.run(call), version, [...session.value.headers, ...visit.value.headers()]);
      } catch (error) {
        if (!(error instanceof TokenEnded)) throw error;
        return refusal({ code: "token_invalid" }, version, headers.refusedCaller);
      } finally {
        visit.value.leave();
      }
    },
    unknownPath,
    unknownMethod: () => refusal({ code: "method_invalid" }, anyVersion, headers.refusedTarget),
    fault(retryAfterSeconds) {
      if (retryAfterSeconds === null) return refusal({ code: "internal" }, anyVersion, headers.refusedCaller);
      return refusal({ code: "overloaded" }, anyVersion, [...headers.refusedCaller, "Retry-After", String(retryAfterSeconds)]);
    },
  };

  function unknownPath(): Answer {
    return refusal({ code: "url_invalid" }, anyVersion, headers.refusedTarget);
  }

  function served(result: Result<CrmReply>, version: Version, moreHeaders: readonly string[]): Answer {
    if (!result.ok) return refusal(result.error, version, [...headers.served, ...moreHeaders]);
    const { status, body } = result.value;
    if (body === null) return { status, headers: [...headers.servedEmpty, ...moreHeaders], text: null };
    return { status, headers: [...headers.served, ...moreHeaders], text: JSON.stringify(body) };
  }

  function turned({ refusal: error, headers: moreHeaders }: Turned, version: Version, session: Session): Answer {
    return refusal(error, version, [...headers.served, ...session.headers, ...moreHeaders]);
  }
}

function refusal(error: Refusal, version: Version, headers: readonly string[]): Answer {
  const { body, httpStatus } = renderRefusal(error, version);
  return { status: httpStatus, headers, text: JSON.stringify(body) };
}

/** `payer` pays for the records in the body; null: a body that costs nothing beyond the call. */
async function readJson(raw: IncomingMessage, payer: Visit | null): Promise<Result<unknown>> {
  const body = await readBody(raw, limits.requestBodyBytesMax);
  if (!body.ok) return body;
  const text = body.value.toString("utf8");
  // A byte order mark in front is no part of the JSON; editors and shells put one there.
  const json = parseJson(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const paid = json.ok && payer !== null ? payer.payFor(json.value) : null;
  return paid === null || paid.ok ? json : paid;
}
