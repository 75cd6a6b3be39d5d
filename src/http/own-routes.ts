/** The paths that are not the CRM's: what anyone may ask, and the admin API. */
import type { DescribedPath, Endpoints } from "../openapi/descriptions.ts";
import {
  listAudit,
  listClients,
  listTokens,
  listUserAccounts,
  makeClient,
  makeToken,
  revokeAccessToken,
  revokeClient,
} from "./access-endpoints.ts";
import { explainChange, listChanges, showChange } from "./change-endpoints.ts";
import {
  listChannels,
  orderChannel,
  pauseChannel,
  renewChannel,
  resumeChannel,
  revealSecret,
  rotateSecret,
  showChannel,
  testChannel,
} from "./channel-endpoints.ts";
import { moveClock, showClock } from "./clock-endpoints.ts";
import { showConsole } from "./console-endpoints.ts";
import { answerConsentForm, askForConsent } from "./consent-endpoints.ts";
import { listLifecycleEvents, listOrgs, setLifecycleUrl } from "./lifecycle-endpoints.ts";
import { listDeliveries, replayDelivery, showDelivery, skipDelivery } from "./delivery-endpoints.ts";
import { clearInbox, receiveMessage, showInbox } from "./inbox-endpoints.ts";
import { showStats, streamEvents } from "./live-endpoints.ts";
import { showAlive, showApiDocument, showDocs, showIndex, showMetrics, showReady } from "./open-endpoints.ts";
import type { OwnEndpoint, OwnMethods } from "./own-surface.ts";
import { cancelReplay, listReplays, makeReplay, showReplay } from "./replay-endpoints.ts";
import { showSession, signInToConsole, signOutOfConsole } from "./session-endpoints.ts";
import { issueToken, revokeToken, showProfile } from "./token-endpoints.ts";

export type OwnRoute = { readonly surface: "open" | "admin"; readonly path: string; readonly methods: OwnMethods };

export const ownRoutes: readonly OwnRoute[] = [
  open("/oauth/v2/token", { POST: issueToken }),
  open("/oauth/v2/token/revoke", { POST: revokeToken }),
  open("/oauth/v2/auth", { GET: askForConsent, POST: answerConsentForm }),
  open("/oauth/user/info", { GET: showProfile }),
  open("/livez", { GET: showAlive }),
  open("/readyz", { GET: showReady }),
  open("/metrics", { GET: showMetrics }),
  open("/openapi.json", { GET: showApiDocument }),
  open("/docs", { GET: showDocs }),
  open("/", { GET: showIndex }),
  open("/console", { GET: showConsole }),
  open("/console/*", { GET: showConsole }),
  open("/console/session", { GET: showSession, POST: signInToConsole, DELETE: signOutOfConsole }),
  open("/inbox/*", { POST: receiveMessage }),

  admin("/api/v1/deliveries", { GET: listDeliveries }),
  admin("/api/v1/deliveries/:id", { GET: showDelivery }),
  admin("/api/v1/deliveries/:id/replay", { POST: replayDelivery }),
  admin("/api/v1/deliveries/:id/skip", { POST: skipDelivery }),
  admin("/api/v1/replays", { GET: listReplays, POST: makeReplay }),
  admin("/api/v1/replays/:id", { GET: showReplay }),
  admin("/api/v1/replays/:id/cancel", { POST: cancelReplay }),
  admin("/api/v1/changes", { GET: listChanges }),
  admin("/api/v1/changes/:id", { GET: showChange }),
  admin("/api/v1/changes/:id/explain", { GET: explainChange }),
  admin("/api/v1/channels", { GET: listChannels }),
  admin("/api/v1/channels/:key", { GET: showChannel }),
  admin("/api/v1/channels/:key/pause", { POST: pauseChannel }),
  admin("/api/v1/channels/:key/resume", { POST: resumeChannel }),
  admin("/api/v1/channels/:key/renew", { POST: renewChannel }),
  admin("/api/v1/channels/:key/rotate", { POST: rotateSecret }),
  admin("/api/v1/channels/:key/order", { POST: orderChannel }),
  admin("/api/v1/channels/:key/test", { POST: testChannel }),
  admin("/api/v1/channels/:key/secret", { POST: revealSecret }),
  admin("/api/v1/lifecycle-events", { GET: listLifecycleEvents }),
  admin("/api/v1/orgs", { GET: listOrgs }),
  admin("/api/v1/orgs/:zgid/lifecycle", { POST: setLifecycleUrl }),
  admin("/api/v1/users", { GET: listUserAccounts }),
  admin("/api/v1/clients", { GET: listClients, POST: makeClient }),
  admin("/api/v1/clients/:clientId/revoke", { POST: revokeClient }),
  admin("/api/v1/tokens", { GET: listTokens, POST: makeToken }),
  admin("/api/v1/tokens/:tokenId/revoke", { POST: revokeAccessToken }),
  admin("/api/v1/audit", { GET: listAudit }),
  admin("/api/v1/stats", { GET: showStats }),
  admin("/api/v1/stream", { GET: streamEvents }),
  admin("/api/v1/inbox", { GET: showInbox }),
  admin("/api/v1/inbox/clear", { POST: clearInbox }),
  admin("/api/v1/clock", { GET: showClock, POST: moveClock }),
];

/** What a node answers that does not serve the API. */
export const probePaths: ReadonlySet<string> = new Set<DescribedPath>(["/livez", "/readyz", "/metrics"]);

function open<P extends DescribedPath>(path: P, methods: Endpoints<P, OwnEndpoint>): OwnRoute {
  return { surface: "open", path, methods };
}

function admin<P extends DescribedPath>(path: P, methods: Endpoints<P, OwnEndpoint>): OwnRoute {
  return { surface: "admin", path, methods };
}
