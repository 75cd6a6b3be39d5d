/** What orgs are told of their channels: the events, the orgs, and where each org is told. */
import type { LifecycleUrlError } from "../app/commands.ts";
import { limits } from "../core/limits.ts";
import { readCursor, readRowLimit } from "./admin-filter.ts";
import { invalidParameter, readAdminBody, readNumber, wrongValue } from "./admin-params.ts";
import { lifecycleEventJson, orgJson } from "./admin-views.ts";
import { type Answer, ownAnswer, ownError } from "./answer.ts";
import { pathPart } from "./crm-endpoint.ts";
import { type OwnCall, unknownOwnPath } from "./own-surface.ts";
import { readText } from "./query.ts";

/** `GET /api/v1/lifecycle-events`: the newest first; of an org, of a channel. */
export async function listLifecycleEvents({ engine, query }: OwnCall): Promise<Answer> {
  const keyText = readText(query, "channel_key");
  const channelKey = keyText === null ? null : readNumber(keyText);
  if (keyText !== null && channelKey === null) return invalidParameter({ code: "param_invalid", param: "channel_key" });
  const beforeId = readCursor(query);
  if (!beforeId.ok) return invalidParameter(beforeId.error);
  const limit = readRowLimit(query, limits.lifecycleEventsPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const filter = { zgid: readText(query, "org"), channelKey, beforeId: beforeId.value, limit: limit.value };
  const { events, hasMore } = await engine.run("lifecycle.events", filter);
  const last = events.at(-1);
  return ownAnswer(200, { events: events.map(lifecycleEventJson), next_cursor: hasMore && last !== undefined ? String(last.id) : null });
}

/** `GET /api/v1/orgs`: the newest first. */
export async function listOrgs({ engine, query }: OwnCall): Promise<Answer> {
  const beforeKey = readCursor(query);
  if (!beforeKey.ok) return invalidParameter(beforeKey.error);
  const limit = readRowLimit(query, limits.orgsPerPageMax);
  if (!limit.ok) return invalidParameter(limit.error);
  const { orgs, hasMore } = await engine.run("lifecycle.orgs", { beforeKey: beforeKey.value, limit: limit.value });
  const last = orgs.at(-1);
  return ownAnswer(200, { orgs: orgs.map(orgJson), next_cursor: hasMore && last !== undefined ? String(last.key) : null });
}

/** `POST /api/v1/orgs/{zgid}/lifecycle` with `{"url":"https://ops.example/hook"}`, or `{"url":null}` to be told nothing any more. */
export async function setLifecycleUrl({ engine, params, raw }: OwnCall): Promise<Answer> {
  const body = await readAdminBody(raw);
  if (!body.ok) return body.error;
  const { url } = body.value;
  if (url !== null && typeof url !== "string") return refused("not_a_url");
  const set = await engine.run("lifecycle.setUrl", { zgid: pathPart(params, "zgid"), url });
  return set.ok ? ownAnswer(200, { org: orgJson(set.value.org), secret: set.value.secret }) : refused(set.error);
}

function refused(error: LifecycleUrlError): Answer {
  switch (error) {
    case "unknown":
      return unknownOwnPath();
    case "not_a_url":
      return wrongValue(
        "url",
        `an http or https URL without user and password, at most ${limits.lifecycleUrlCharsMax} characters, or null`,
      );
    case "target_refused": {
      const message = "The target guard does not let this address pass, for it is not a public one. --allow-target names exceptions.";
      return ownError(400, { code: "target_refused", message, param: "url" });
    }
  }
}
