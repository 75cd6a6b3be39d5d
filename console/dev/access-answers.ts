/** Orgs, users, credentials and the audit log of the fake server. */
import type { AccessClient, Token } from "../src/api/access.ts";
import { audit } from "./admin-answers.ts";
import type { FakeRoutes } from "./http.ts";
import { answer, fault, pageOf } from "./http.ts";
import { isoAt, takeId, zgid } from "./world.ts";

export const accessRoutes: FakeRoutes = {
  "GET /api/v1/orgs": ({ world }) => answer({ orgs: world.orgs }),
  "POST /api/v1/orgs/:zgid/lifecycle": ({ world, params, body }) => {
    const org = world.orgs.find((candidate) => candidate.zgid === params["zgid"]);
    if (org === undefined) return fault(404, "not_found", "There is no such org.");
    const isNew = org.lifecycle_url === null && body["url"] !== null;
    org.lifecycle_url = typeof body["url"] === "string" ? body["url"] : null;
    return answer({ org, secret: isNew ? "whsec_bGlmZWN5Y2xlIHNlY3JldCBvZiB0aGUgZmFrZQ==" : null });
  },
  "GET /api/v1/users": ({ world, query }) => pageOf("users", world.users, query),
  "GET /api/v1/clients": ({ world, query }) => pageOf("clients", world.clients, query),
  "POST /api/v1/clients": ({ world, body }) => {
    const client: AccessClient = {
      client_id: `1000.FAKE${String(takeId(world)).padStart(24, "0")}ID`,
      org: zgid,
      name: String(body["name"]),
      scopes: String(body["scope"]).split(","),
      user_id: null,
      redirect_uri: typeof body["redirect_uri"] === "string" ? body["redirect_uri"] : null,
    };
    world.clients.unshift(client);
    return answer(
      { client, client_secret: "fake-client-secret", refresh_token: body["user_email"] === undefined ? null : "1000.fake.refresh" },
      201,
    );
  },
  "POST /api/v1/clients/:id/revoke": ({ world, params }) => {
    const client = world.clients.find(({ client_id: id }) => id === params["id"]);
    world.clients = world.clients.filter(({ client_id: id }) => id !== params["id"]);
    return client === undefined ? fault(404, "not_found", "There is no such client.") : answer({ client });
  },
  "GET /api/v1/tokens": ({ world, query }) =>
    pageOf(
      "tokens",
      world.tokens.map(({ token }) => token),
      query,
    ),
  "POST /api/v1/tokens": ({ world, body }) => {
    const secret = `1000.fake${String(takeId(world))}`;
    const token: Token = {
      id: secret.slice(-8).padStart(16, "0"),
      org: zgid,
      client_id: null,
      user_id: "554023000050000001",
      scopes: typeof body["scope"] === "string" ? body["scope"].split(",") : ["ZohoCRM.modules.ALL"],
      issued_at: isoAt(world),
      expires_at: isoAt(world, -3_600_000),
    };
    world.tokens.unshift({ token, secret });
    return answer({ access_token: secret, token, api_domain: world.baseUrl }, 201);
  },
  "POST /api/v1/tokens/:id/revoke": ({ world, params }) => {
    const found = world.tokens.find(({ token }) => token.id === params["id"]);
    world.tokens = world.tokens.filter(({ token }) => token.id !== params["id"]);
    return found === undefined ? fault(404, "not_found", "There is no such token.") : answer({ token: found.token });
  },
  "GET /api/v1/audit": ({ world, query }) => pageOf("entries", world.audit, query),
  "GET /console/session": ({ world, session }) =>
    answer({ signed_in: session !== null, csrf: session, version: "0.1.0", is_dev: world.isDev, org_count: world.orgs.length }),
  "POST /console/session": (call) => {
    if (call.body["token"] !== call.world.token) return fault(401, "unauthorized", "This is not the admin token.");
    const id = `fake-session-${String(takeId(call.world))}`;
    call.world.sessions.set(id, `csrf-${String(takeId(call.world))}`);
    audit(call.world, { method: "POST", path: "/console/session", status: 204 });
    return { status: 204, body: null, headers: { "set-cookie": `watchpost_session=${id}; HttpOnly; SameSite=Strict; Path=/` } };
  },
  "DELETE /console/session": ({ world, session }) => {
    for (const [id, csrf] of world.sessions) if (csrf === session) world.sessions.delete(id);
    return { status: 204, body: null };
  },
};
