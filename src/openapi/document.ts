/** The OpenAPI 3.1 document: the routes of the server, each with its description, and the tables of refusals, versions and limits behind it. */
import { assert } from "../core/assert.ts";
import type { ScopeNeed } from "../wire/scopes.ts";
import { descriptions, schemas } from "./descriptions.ts";
import type { Answer, Answers, Body, Description, Descriptions, Parameter } from "./description.ts";
import { tags } from "./description.ts";
import { commonOwnAnswers } from "./own-errors.ts";
import { crmPathParts, ownPathParts } from "./parameters.ts";
import { commonStatuses, refusalResponse, refusalResponses } from "./refusals.ts";
import type { Schema } from "./schema.ts";
import { versionsThat } from "./schema.ts";
import { scopesNeeded, securityOf, securitySchemes } from "./security.ts";
import { notification } from "./watch.ts";

type Surface = "crm" | "open" | "admin";

/** A route as the document sees it. */
export type RouteOutline = {
  readonly surface: Surface;
  /** With `:name` for its named parts. */
  readonly path: string;
  /** By method; null where the surface knows no scopes. */
  readonly needs: Readonly<Record<string, ScopeNeed | null>>;
};

/** The document. `baseUrl` is the server's origin, without a slash at its end. */
export function buildDocument(routes: readonly RouteOutline[], server: { readonly baseUrl: string; readonly version: string }): Schema {
  return {
    openapi: "3.1.0",
    info: { title: "Watchpost", version: server.version, description: about, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: server.baseUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(routes.map((route) => [templateOf(route.path), pathItem(route)])),
    webhooks: {
      notification: {
        post: { ...operationHead(notification), ...bodyOf(notification.body), responses: responsesOf(notification.answers) },
      },
    },
    components: {
      schemas,
      responses: refusalResponses,
      securitySchemes: securitySchemes(
        routes.flatMap(({ needs }) => Object.values(needs)),
        server.baseUrl,
      ),
    },
  };
}

const about = [
  "Everything that this server answers: the wire protocol of Zoho CRM's watch API and what its clients need around it, the accounts server, and the operator's own API.",
  "HEAD is GET without the body. `x-versions` names the versions that speak a method or a key, where not all do; `x-scopes` the lists of scopes of which each is enough.",
].join("\n\n");

/** `/users/{id}` of `/users/:id`, `/console/{path}` of `/console/*`. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}").replace("*", "{path}");
}

function pathItem(route: RouteOutline): Schema {
  const parts = route.surface === "crm" ? crmPathParts : ownPathParts;
  const parameters = [...templateOf(route.path).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
    const part = parts[name];
    assert(part !== undefined, "every named part of a path is described");
    return { name, in: "path", required: true, description: part.about, schema: part.schema };
  });
  const operations = Object.entries(route.needs).map(([method, need]): [string, Schema] => [
    method.toLowerCase(),
    operationOf(route, method, need),
  ]);
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(operations) };
}

function operationOf({ surface, path }: RouteOutline, method: string, need: ScopeNeed | null): Schema {
  const all: Descriptions = descriptions;
  const description = all[path]?.[method];
  assert(description !== undefined, "a route without a description does not compile");
  const scopes = need === null ? [] : scopesNeeded(need);
  return {
    ...operationHead(description),
    ...(scopes.length === 0 ? {} : { "x-scopes": scopes }),
    ...(description.parameters === undefined ? {} : { parameters: description.parameters.map(parameterOf) }),
    ...bodyOf(description.body),
    responses:
      surface === "crm"
        ? { ...crmRefusals(description), ...responsesOf(description.answers) }
        : responsesOf({ ...commonOwnAnswers(surface), ...description.answers }),
    security: securityOf({ surface, scopes, isForAnyToken: description.isForAnyToken ?? false }),
  };
}

function operationHead({ id, tag, summary, about: text, spokenBy }: Description): Schema {
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(text === undefined ? {} : { description: text }),
    ...(spokenBy === undefined ? {} : { "x-versions": versionsThat(spokenBy) }),
  };
}

function parameterOf({ name, in: place, schema, about: description, isRequired = false }: Parameter): Schema {
  const style = schema.type === "array" ? { style: "form", explode: false } : {};
  return { name, in: place, required: isRequired, description, ...style, schema };
}

function bodyOf(body: Body | undefined): Schema {
  if (body === undefined) return {};
  const content = Object.fromEntries(body.mediaTypes.map((mediaType) => [mediaType, { schema: body.schema }]));
  return { requestBody: { required: body.isRequired, content } };
}

function crmRefusals({ body }: Description): Schema {
  return Object.fromEntries(commonStatuses(body).map((status) => [status, refusalResponse(status)]));
}

function responsesOf(answers: Answers): Schema {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]));
}

function responseOf({ about: description, contents, headers }: Answer): Schema {
  const named = Object.entries(headers ?? {}).map(([name, text]): [string, Schema] => [
    name,
    { description: text, schema: { type: "string" } },
  ]);
  return {
    description,
    ...(headers === undefined ? {} : { headers: Object.fromEntries(named) }),
    ...(contents === undefined ? {} : { content: Object.fromEntries(contents.map(({ mediaType, schema }) => [mediaType, { schema }])) }),
  };
}
