/** Who may call, and what was done through the admin API. */
import { limits } from "../core/limits.ts";
import { userStatuses } from "../core/org.ts";
import { badBody, badParameter, cursor, optional, pageOf, rowLimit, unknown } from "./admin-parts.ts";
import type { Descriptions } from "./description.ts";
import { jsonAnswer, jsonBody } from "./description.ts";
import { query } from "./parameters.ts";
import type { Properties } from "./schema.ts";
import { given, id, integer, list, noted, orNull, ref, shape, text, time, uri, word } from "./schema.ts";

export const accessSchemas: Properties = {
  UserAccount: shape({ id, org: text(), email: text(), first_name: orNull(text()), last_name: text(), status: word(...userStatuses) }),
  Client: shape({
    client_id: text(),
    org: text(),
    name: orNull(text()),
    scopes: list(text()),
    user_id: noted(orNull(id), "Whom its own credentials stand for."),
    redirect_uri: orNull(text()),
    revoked_at: orNull(time),
  }),
  AccessToken: shape({
    id: noted(text(), "Tells it from the others; the token cannot be made from it."),
    org: text(),
    client_id: noted(text(), "watchpost-admin: an operator made it."),
    user_id: id,
    scopes: list(text()),
    issued_at: time,
    expires_at: time,
  }),
  AuditEntry: shape({
    id: integer,
    at: time,
    actor: word("token", "console"),
    method: text(),
    path: noted(text(limits.auditPathCharsMax), "Without its query."),
    status: integer,
    summary: text(),
  }),
};

const org = query("org", text(), "The zgid of an org.");
const page = [org, rowLimit(limits.accessRowsPerPageMax), query("cursor", text(), "The next_cursor of the page before.")];
const client = shape({ client: ref("Client") });
const token = shape({ token: ref("AccessToken") });
const scope = noted(text(), "Scopes, separated by commas or blanks.");
const userEmail = noted(text(), "The address of an active user of the org.");

export const accessDescriptions = {
  "/api/v1/users": {
    GET: {
      id: "listUserAccounts",
      tag: "Admin",
      summary: "The users of every org",
      about: "By org and ascending id.",
      parameters: page,
      answers: { 200: jsonAnswer("A page.", pageOf("users", "UserAccount")), ...badParameter },
    },
  },
  "/api/v1/clients": {
    GET: {
      id: "listClients",
      tag: "Admin",
      summary: "The OAuth clients of every org, without their secrets",
      about: "By org and client id; those that were revoked too.",
      parameters: page,
      answers: { 200: jsonAnswer("A page.", pageOf("clients", "Client")), ...badParameter },
    },
    POST: {
      id: "makeClient",
      tag: "Admin",
      summary: "Makes an OAuth client",
      about: "With user_email it gets a refresh token of that user; without, users sign in to it, and it needs a redirect_uri.",
      body: jsonBody(
        given({ org: text(), name: text(limits.clientNameCharsMax), scope, user_email: userEmail, redirect_uri: text() }, [
          "org",
          "name",
          "scope",
        ]),
      ),
      answers: {
        201: jsonAnswer(
          "The client, and its secrets, which are shown here alone.",
          shape({ client: ref("Client"), client_secret: text(), refresh_token: orNull(text()) }),
        ),
        ...badBody,
      },
    },
  },
  "/api/v1/clients/:clientId/revoke": {
    POST: {
      id: "revokeClient",
      tag: "Admin",
      summary: "Revokes an OAuth client, and ends its tokens",
      answers: { 200: jsonAnswer("The client.", client), ...unknown },
    },
  },
  "/api/v1/tokens": {
    GET: {
      id: "listTokens",
      tag: "Admin",
      summary: "The access tokens that have not ended, without themselves",
      about: "The newest first.",
      parameters: page,
      answers: { 200: jsonAnswer("A page.", pageOf("tokens", "AccessToken")), ...badParameter },
    },
    POST: {
      id: "makeToken",
      tag: "Admin",
      summary: "Makes an access token for the CRM",
      about: `It lives for an hour. A user has at most ${limits.accessTokensPerRefreshTokenMax} made so; the oldest beyond them ends.`,
      body: optional({
        org: noted(text(), "The zgid of an org; may be left out where there is one."),
        user_email: noted(text(), "The address of an active user of the org; left out: its first one."),
        scope: noted(text(), "Scopes, separated by commas or blanks; left out: all there are."),
      }),
      answers: {
        201: jsonAnswer(
          "The token, which is shown here alone.",
          shape({ access_token: text(), token: ref("AccessToken"), api_domain: uri }),
        ),
        ...badBody,
      },
    },
  },
  "/api/v1/tokens/:tokenId/revoke": {
    POST: {
      id: "revokeAccessToken",
      tag: "Admin",
      summary: "Ends an access token",
      answers: { 200: jsonAnswer("What it was.", token), ...unknown },
    },
  },
  "/api/v1/audit": {
    GET: {
      id: "listAudit",
      tag: "Admin",
      summary: "What was done through the admin API and the console",
      about: "The newest first. Every request but GET, each sign-in and sign-out, and each sign-in that failed.",
      parameters: [rowLimit(limits.auditEntriesPerPageMax), cursor],
      answers: { 200: jsonAnswer("A page.", pageOf("entries", "AuditEntry")), ...badParameter },
    },
  },
} satisfies Descriptions;
