/**
 * What real clients were seen to send, byte by byte: CLIENTS 2 (transport), 3 (tokens), 5 (paths) and 6 (requests as sent). Each title names
 * the client or the habit; the answers are those that the client reads on from.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startApp } from "../support/app.ts";
import type { App } from "../support/app.ts";
import { at, listAt, textAt } from "../support/json.ts";
import type { RawAnswer, RawRequest } from "../support/raw-http.ts";
import { RawConnection, sendRaw } from "../support/raw-http.ts";
import { credentialsOf } from "../support/seeds.ts";

const { clientId, clientSecret, refreshToken } = credentialsOf("acme");
const versions = ["v2", "v2.1", "v3", "v4", "v5", "v6", "v7", "v8"];
const invalidMethod =
  '{"code":"INVALID_REQUEST_METHOD","details":{},"message":"The http request method type is not a valid one","status":"error"}';
const subscribed = "Successfully subscribed for actions-watch of the given module";

let app: App;
let authorization: string;
let bearer: string;
before(async () => {
  app = await startApp();
  const { accessToken } = await app.client();
  authorization = `Authorization: Zoho-oauthtoken ${accessToken}`;
  bearer = `Authorization: Bearer ${accessToken}`;
});
after(() => app?.stop());

async function send(request: RawRequest): Promise<RawAnswer> {
  const answer = await sendRaw(app.baseUrl, request);
  if (answer.text !== "") assert.match(answer.headers.get("content-type") ?? "", /^application\/json\b/, request.line);
  assert.ok(answer.headers.has("date"), "pollers read the time from Date");
  return answer;
}

/** The header sets of the clients; what is not here they do not send. */
const got = ["user-agent: got (https://github.com/sindresorhus/got)", "accept-encoding: gzip, deflate, br"];
const clients = {
  "a typescript SDK": () => [...got, authorization, "x-zoho-sdk: linux/6.1.0/typescript-8.0/v24.0.0:3.0.0"],
  curl: () => ["User-Agent: curl/7.88.1", "Accept: */*", authorization, "Content-Type: application/x-www-form-urlencoded"],
  newman: () => ["User-Agent: PostmanRuntime/7.39.1", "Accept: */*", "Cache-Control: no-cache", bearer, "Content-Type: application/json"],
  n8n: () => ["User-Agent: n8n", "Accept: application/json", "Connection: close", bearer, "Content-Type: application/json"],
  Chilkat: () => ["Accept: */*", "Accept-Encoding: gzip", "Content-Type: application/json", bearer],
  dereekb: () => ["user-agent: node", "accept-encoding: br, gzip, deflate", "content-type: application/json", bearer],
} as const;
type ClientName = keyof typeof clients;
const clientNames = Object.keys(clients) as ClientName[];

let channels = 0;
function newChannelId(): string {
  channels += 1;
  return `15344494${String(channels).padStart(6, "0")}`;
}

/** A body of POST, its `channel_id` as the text of a JSON value. */
function watchBody(channelId: string, more: Readonly<Record<string, unknown>> = {}): string {
  const item = { events: ["Deals.edit"], notify_url: "https://www.zoho.com/callback?a=b", ...more };
  return JSON.stringify({ watch: [{ channel_id: "?", ...item }] }).replace('"?"', channelId);
}

async function subscribe(channelId: string, more: Readonly<Record<string, unknown>> = {}, version = "v8"): Promise<RawAnswer> {
  return send({ line: `POST /crm/${version}/actions/watch`, headers: [authorization], payload: watchBody(channelId, more) });
}

/** The rows that GET gives of a channel. */
async function rowsOf(channelId: string): Promise<readonly unknown[]> {
  const answer = await send({ line: `GET /crm/v8/actions/watch?channel_id=${channelId}`, headers: [authorization] });
  return answer.status === 204 ? [] : listAt(answer.body, "watch");
}

async function insert(module: string, record: unknown): Promise<string> {
  const payload = JSON.stringify({ data: [record] });
  const answer = await send({ line: `POST /crm/v8/${module}`, headers: [authorization], payload });
  assert.equal(answer.status, 201, answer.text);
  return textAt(answer.body, "data", 0, "details", "id");
}

describe("bodies (CLIENTS 2.1 to 2.3)", () => {
  for (const name of clientNames) {
    for (const version of ["v2", "v2.1", "v8"]) {
      test(`${name} subscribes on ${version}, reads, and unsubscribes`, async () => {
        const id = newChannelId();
        const headers = clients[name]();
        const path = `/crm/${version}/actions/watch`;
        const made = await send({ line: `POST ${path}`, headers, payload: watchBody(`"${id}"`) });
        assert.equal(made.status, 201, made.text);
        assert.equal(textAt(made.body, "watch", 0, "message"), subscribed);
        const read = await send({ line: `GET ${path}?channel_id=${id}`, headers });
        assert.equal(textAt(read.body, "watch", 0, "channel_id"), id);
        const ended = await send({ line: `DELETE ${path}?channel_ids=${id}`, headers });
        assert.equal(ended.status, 200, ended.text);
        assert.equal(textAt(ended.body, "watch", 0, "message"), "Successfully un-subscribed from actions-watch");
        assert.equal((await send({ line: `GET ${path}?channel_id=${id}`, headers })).status, 204);
      });
    }
  }

  test("JSON under Content-Types that say something else is JSON still", async () => {
    for (const type of ["text/plain;charset=UTF-8", "multipart/form-data; boundary=x", "application/octet-stream", "nonsense"]) {
      const headers = [authorization, `Content-Type: ${type}`];
      const made = await send({ line: "POST /crm/v6/actions/watch", headers, payload: watchBody(`"${newChannelId()}"`) });
      assert.equal(made.status, 201, `${type}: ${made.text}`);
    }
  });

  test("curl's -d @file, its line breaks stripped, and a body that keeps them are one body", async () => {
    const pretty = JSON.stringify(JSON.parse(watchBody(`"${newChannelId()}"`)), null, 4);
    for (const payload of [pretty, pretty.replaceAll("\n", ""), pretty.replaceAll("\n", "\r\n"), `\ufeff${pretty}`]) {
      assert.equal((await send({ line: "POST /crm/v6/actions/watch", headers: clients.curl(), payload })).status, 201);
    }
  });

  test("the nodejs SDKs' content-length: 0 on GET and DELETE is no body", async () => {
    const id = newChannelId();
    await subscribe(`"${id}"`);
    const headers = [...got, authorization, "content-length: 0"];
    assert.equal((await send({ line: `GET /crm/v2.1/actions/watch?channel_id=${id}&`, headers })).status, 200);
    assert.equal((await send({ line: "GET /crm/v2.1/settings/fields?module=Deals&", headers })).status, 200);
    assert.equal((await send({ line: `DELETE /crm/v2.1/actions/watch?channel_ids=${id}&`, headers })).status, 200);
  });

  test("dereekb's application/json with an empty body is no error on GET, DELETE and the token request", async () => {
    const id = newChannelId();
    await subscribe(`"${id}"`);
    const headers = [bearer, "content-type: application/json", "content-length: 0"];
    assert.equal((await send({ line: "GET /crm/v8/org", headers })).status, 200);
    assert.equal((await send({ line: `DELETE /crm/v8/actions/watch?channel_ids=${id}`, headers })).status, 200);
    const token = await send({ line: `POST /oauth/v2/token?${tokenForm()}`, headers: headers.slice(1) });
    assert.match(textAt(token.body, "access_token"), /./);
  });

  test("an empty body where one is due is an error in JSON, not a crash", async () => {
    for (const headers of [[], ["Content-Type: application/json", "Content-Length: 0"]]) {
      const answer = await send({ line: "POST /crm/v6/actions/watch", headers: [authorization, ...headers] });
      assert.equal(answer.status, 400);
      assert.equal(textAt(answer.body, "code"), "INVALID_DATA");
    }
  });

  test("a client that says Connection: close is let go, one that does not is kept", async () => {
    using closing = new RawConnection(app.baseUrl);
    const closed = await closing.send({ line: "GET /crm/v2/org", headers: clients.n8n() });
    assert.equal(closed.headers.get("connection"), "close");
    assert.ok(await closing.isEnded());
    using kept = new RawConnection(app.baseUrl);
    for (const line of ["GET /crm/v8/org", "COPY /crm/v8/org", "GET /crm/v8/Nonsense/1", "GET /crm/v8/org"]) {
      const answer = await kept.send({ line, headers: [authorization] });
      assert.equal(answer.headers.get("connection"), "keep-alive", line);
    }
  });
});

describe("query strings (CLIENTS 2.4)", () => {
  test("a trailing & is no parameter, and a list reads alike however its commas came", async () => {
    const deal = await insert("Deals", { Deal_Name: "A deal", Stage: "Qualification" });
    const other = await insert("Deals", { Deal_Name: "Another", Stage: "Qualification" });
    const queries = [
      `fields=Deal_Name%2CStage&ids=${deal}%2C${other}&sort_by=id&sort_order=asc`,
      `fields=Deal_Name,Stage&ids=${deal},${other}&sort_by=id&sort_order=asc&`,
      `ids=${deal},${other}&sort_order=asc&page=1&per_page=200&fields=Deal_Name%2cStage&&`,
    ];
    const answers = await Promise.all(queries.map((query) => send({ line: `GET /crm/v2/deals?${query}`, headers: [authorization] })));
    for (const { status, body } of answers) {
      assert.equal(status, 200);
      assert.deepEqual(
        listAt(body, "data").map((row) => at(row, "id")),
        [deal, other],
      );
      assert.equal(at(body, "info", "more_records"), false);
    }
    const ended = await send({ line: `DELETE /crm/v8/Deals?ids=${deal}%2C${other}&`, headers: [bearer] });
    assert.equal(listAt(ended.body, "data").length, 2);
  });

  test("several channels end by one DELETE, their ids split by , or by %2C, with and without a trailing &", async () => {
    for (const [comma, end] of [",", "%2C", "%2c"].flatMap((each) => [[each, ""] as const, [each, "&"] as const])) {
      const ids = [newChannelId(), newChannelId()];
      for (const id of ids) await subscribe(`"${id}"`);
      const line = `DELETE /crm/v8/actions/watch?channel_ids=${ids.join(comma)}${end}`;
      const ended = await send({ line, headers: [authorization] });
      assert.deepEqual(
        listAt(ended.body, "watch").map((result) => at(result, "details", "channel_id")),
        ids,
      );
    }
  });

  test("parameters that no one here knows change nothing", async () => {
    for (const line of ["GET /crm/v6/settings/fields?module=Deals&type=all", "GET /crm/v8/org?include=x&%zz=1&"]) {
      assert.equal((await send({ line, headers: [authorization] })).status, 200, line);
    }
  });
});

describe("answers (CLIENTS 2.5 to 2.8, 2.10)", () => {
  test("who asks for gzip gets large answers in it, Chilkat too; curl, which does not, gets them plain", async () => {
    const line = "GET /crm/v8/settings/fields?module=Deals";
    for (const name of clientNames) {
      const headers = clients[name]();
      const asks = headers.some((header) => /^accept-encoding:.*gzip/i.test(header));
      const answer = await send({ line, headers });
      assert.equal(answer.headers.get("content-encoding"), asks ? "gzip" : undefined, name);
      assert.equal(answer.headers.get("vary"), "accept-encoding");
      assert.ok(listAt(answer.body, "fields").length > 10);
    }
    const small = await send({ line: "GET /crm/v8/actions/watch?channel_id=1&module=x", headers: clients["a typescript SDK"]() });
    assert.equal(small.headers.get("content-encoding"), undefined);
  });

  test("nothing is 204 with no body and no Content-Type", async () => {
    for (const line of [
      "GET /crm/v8/actions/watch?channel_id=404",
      "GET /crm/v2/Vendors?page=1&per_page=200&",
      "GET /crm/v8/Leads/554023000999999999",
    ]) {
      const answer = await send({ line, headers: [authorization] });
      assert.deepEqual([answer.status, answer.text, answer.headers.get("content-type")], [204, "", undefined], line);
    }
  });

  test("a record that was deleted is told of, not 204", async () => {
    const deal = await insert("Deals", { Deal_Name: "A deal", Stage: "Qualification" });
    const ended = await send({
      line: `DELETE /crm/v2/Deals/${deal}&`.replace("&", "?"),
      headers: [...got, authorization, "content-length: 0"],
    });
    assert.equal(ended.status, 200);
    assert.equal(textAt(ended.body, "data", 0, "message"), "record deleted");
  });

  for (const version of versions) {
    test(`every error of ${version} is JSON with code, details, message and status`, async () => {
      const rows: readonly (readonly [request: RawRequest, status: number, code: string])[] = [
        [{ line: `GET /crm/${version}/org` }, 401, "AUTHENTICATION_FAILURE"],
        [{ line: `GET /crm/${version}/org`, headers: ["Authorization: Zoho-oauthtoken 1000.old"] }, 401, "INVALID_TOKEN"],
        [{ line: `GET /crm/${version}/a/b/c/d/e/f` }, 404, "INVALID_URL_PATTERN"],
        [{ line: `GET /crm/${version}/Nonsense/1`, headers: [authorization] }, 400, "INVALID_MODULE"],
        [{ line: `POST /crm/${version}/Leads`, headers: [authorization], payload: "{" }, 400, "INVALID_DATA"],
        [{ line: `PROPFIND /crm/${version}/Leads` }, 400, "INVALID_REQUEST_METHOD"],
      ];
      for (const [request, status, code] of rows) {
        const answer = await send(request);
        assert.deepEqual(
          [answer.status, textAt(answer.body, "code"), textAt(answer.body, "status")],
          [status, code, "error"],
          request.line,
        );
        assert.equal(typeof at(answer.body, "details"), "object");
        assert.equal(typeof at(answer.body, "message"), "string");
      }
    });
  }
});

describe("methods (CLIENTS 2.9, 2.11)", () => {
  test("newman's COPY, without body or Content-Type, gets the recorded answer", async () => {
    const headers = ["User-Agent: PostmanRuntime/7.39.1", "Accept: */*", bearer];
    const answer = await send({ line: "COPY /crm/v2.1/actions/watch", headers });
    assert.deepEqual([answer.status, answer.text], [400, invalidMethod]);
  });

  test("every other method that a path does not take gets it too, with a token and without", async () => {
    for (const method of ["OPTIONS", "TRACE", "PROPFIND", "LOCK", "SEARCH", "PURGE", "LINK", "M-SEARCH", "BREW"]) {
      for (const headers of [[], [authorization]]) {
        const answer = await send({ line: `${method} /crm/v8/actions/watch`, headers: [...headers, "Connection: close"] });
        assert.deepEqual([answer.status, answer.text], [400, invalidMethod], method);
      }
    }
  });

  test("HEAD is GET without its body, also where GET has none and where it is refused", async () => {
    const lines = ["/crm/v8/org", "/crm/v8/settings/fields?module=Deals", "/crm/v8/actions/watch?channel_id=404", "/crm/v8/Nonsense/1"];
    for (const line of lines) {
      const full = await send({ line: `GET ${line}`, headers: [authorization] });
      const head = await send({ line: `HEAD ${line}`, headers: [authorization] });
      assert.deepEqual([head.status, head.text], [full.status, ""]);
      for (const name of ["content-length", "content-type", "vary"]) assert.equal(head.headers.get(name), full.headers.get(name), line);
    }
  });

  test("a PUT or a DELETE that got sends again does no harm", async () => {
    const id = newChannelId();
    await subscribe(`"${id}"`);
    const line = "PUT /crm/v8/actions/watch";
    for (const _ of [1, 2]) assert.equal((await send({ line, headers: [authorization], payload: watchBody(`"${id}"`) })).status, 200);
    const ending = { line: `DELETE /crm/v8/actions/watch?channel_ids=${id}`, headers: [authorization] };
    assert.equal((await send(ending)).status, 200);
    assert.equal(textAt((await send(ending)).body, "watch", 0, "code"), "NOT_SUBSCRIBED");
  });
});

function tokenForm(): string {
  return new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  }).toString();
}

/** As the SDKs' form library writes it: no file name, no type of a part. */
function multipart(boundary: string, names: readonly string[]): string {
  const form = new URLSearchParams(tokenForm());
  const parts = names.map((name) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${form.get(name) ?? ""}\r\n`);
  return `${parts.join("")}--${boundary}--\r\n`;
}

describe("the token request (CLIENTS 3)", () => {
  const boundary = "--------------------------104387956385634908725930";
  const rows: Readonly<Record<string, RawRequest>> = {
    "the SDKs' multipart form": {
      line: "POST /oauth/v2/token",
      headers: [...got, `content-type: multipart/form-data; boundary=${boundary}`],
      payload: multipart(boundary, ["client_id", "client_secret", "grant_type", "refresh_token"]),
    },
    "the 2.x SDKs' multipart form, refresh_token first": {
      line: "POST /oauth/v2/token",
      headers: [...got, `content-type: multipart/form-data; boundary=${boundary}`],
      payload: multipart(boundary, ["refresh_token", "client_id", "client_secret", "grant_type"]),
    },
    "curl's, n8n's and Chilkat's urlencoded form": {
      line: "POST /oauth/v2/token",
      headers: ["Content-Type: application/x-www-form-urlencoded;charset=utf-8"],
      payload: tokenForm(),
    },
    "the documented query string, with neither length nor type": { line: `POST /oauth/v2/token?${tokenForm()}` },
    "the query string with a trailing &": { line: `POST /oauth/v2/token?${tokenForm()}&`, headers: ["Content-Length: 0"] },
  };
  for (const [title, request] of Object.entries(rows)) {
    test(`${title} gives a token that stays on our origin`, async () => {
      const { status, body } = await send(request);
      assert.equal(status, 200);
      assert.equal(at(body, "api_domain"), app.baseUrl);
      assert.deepEqual([at(body, "expires_in"), at(body, "token_type")], [3_600, "Bearer"]);
      assert.ok(!Object.hasOwn(Object(body), "expires_in_sec"), "SDKs would take expires_in for milliseconds");
      const headers = [`Authorization: Zoho-oauthtoken ${textAt(body, "access_token")}`];
      assert.equal((await send({ line: "GET /crm/v8/org", headers })).status, 200);
    });
  }

  test("a failure has the key error, under 200", async () => {
    const answer = await send({ line: `POST /oauth/v2/token?${tokenForm().replace(/refresh_token=1000[^&]*/, "refresh_token=1000.x")}` });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { error: "invalid_code" });
  });
});

describe("paths (CLIENTS 4, 5)", () => {
  for (const version of versions) {
    test(`n8n's lower-case modules are those of ${version}`, async () => {
      const headers = clients.n8n();
      const payload = '{"data":[{"Account_Name":"Acme","Vendor_Name":"Acme"}]}';
      for (const module of ["accounts", "vendors", "VENDORS"]) {
        const made = await send({ line: `POST /crm/${version}/${module}`, headers, payload });
        assert.equal(made.status, 201, made.text);
      }
      const fields = await send({ line: `GET /crm/${version}/settings/fields?module=leads`, headers });
      assert.ok(listAt(fields.body, "fields").some((field) => at(field, "api_name") === "Last_Name"));
      const list = await send({ line: `GET /crm/${version}/accounts?fields=Account_Name&per_page=200&page=1`, headers });
      assert.equal(typeof at(list.body, "info", "more_records"), "boolean");
    });
  }

  test("a number that no float holds keeps its digits on the way in and out", async () => {
    const owner = await send({ line: "GET /crm/v8/users?type=CurrentUser", headers: [authorization] });
    const payload = `{"data":[{"Last_Name":"Long","Owner":{"id":${textAt(owner.body, "users", 0, "id")}}}]}`;
    const made = await send({ line: "POST /crm/v8/Leads", headers: [authorization], payload });
    assert.equal(made.status, 201, made.text);
    const id = textAt(made.body, "data", 0, "details", "id");
    const lead = await send({ line: `GET /crm/v2/leads/${id}`, headers: [authorization] });
    assert.equal(textAt(lead.body, "data", 0, "Owner", "id"), textAt(owner.body, "users", 0, "id"));
  });
});

describe("watch requests as sent (CLIENTS 6)", () => {
  const forms: readonly (readonly [title: string, sent: string, kept: string])[] = [
    ["text", '"15344494147844"', "15344494147844"],
    ["a number", "15344494147845", "15344494147845"],
    ["a number of 19 digits", "2542271027018545353", "2542271027018545353"],
    ["text of 19 digits", '"9223372036854775807"', "9223372036854775807"],
    ["a negative number", "-4542271027018545353", "-4542271027018545353"],
    ["negative text", '"-77"', "-77"],
  ];
  for (const [title, sent, kept] of forms) {
    test(`a channel_id that is ${title} is kept to the digit, and given as text`, async () => {
      const made = await subscribe(sent);
      assert.equal(made.status, 201, made.text);
      assert.equal(at(made.body, "watch", 0, "details", "events", 0, "channel_id"), kept);
      assert.equal(at((await rowsOf(kept))[0], "channel_id"), kept);
      const ended = await send({ line: `DELETE /crm/v2/actions/watch?channel_ids=${kept}&`, headers: [authorization] });
      assert.equal(at(ended.body, "watch", 0, "details", "channel_id"), kept);
    });
  }

  const expiries: readonly (readonly [title: string, sent: string])[] = [
    ["in UTC, as the SDKs send it", "2026-01-15T10:15:00Z"],
    ["with an offset, as the documents do", "2026-01-15T15:45:00+05:30"],
    ["with a space where the + was, as the Chilkat sample does", "2026-01-15T15:45:00 05:30"],
  ];
  for (const [title, sent] of expiries) {
    for (const version of versions) {
      test(`an expiry ${title} is kept by ${version}`, async () => {
        const made = await subscribe(`"${newChannelId()}"`, { channel_expiry: sent }, version);
        assert.equal(made.status, 201, made.text);
        assert.equal(at(made.body, "watch", 0, "details", "events", 0, "channel_expiry"), "2026-01-15T15:45:00+05:30");
      });
    }
  }

  test("the Chilkat sample's own expiry, malformed and long past, is a success with another expiry", async () => {
    const headers = clients.Chilkat();
    const payload = watchBody("1000000068001", {
      channel_expiry: "2018-02-02T10:30:00 05:30",
      token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
    });
    const made = await send({ line: "POST /crm/v2.1/actions/watch", headers, payload });
    assert.equal(made.status, 201, made.text);
    assert.equal(textAt(made.body, "watch", 0, "status"), "success");
    const expiry = textAt(made.body, "watch", 0, "details", "events", 0, "channel_expiry");
    assert.equal(Date.parse(expiry), app.clock.now() + 2 * 3_600_000);
  });

  test("the order of the keys says nothing", async () => {
    const id = newChannelId();
    const payload = `{"watch":[{"notify_url":"https://www.zoho.com/x","channel_expiry":"2026-01-15T10:15:00Z","token":"t","events":["Contacts.all"],"channel_id":${id}}]}`;
    assert.equal((await send({ line: "POST /crm/v8/actions/watch", headers: [authorization], payload })).status, 201);
    assert.deepEqual(at((await rowsOf(id))[0], "events"), ["Contacts.edit", "Contacts.create", "Contacts.delete"]);
  });

  test("PATCH with events and token but no notify_url renews, and with _delete_events takes a module away", async () => {
    const id = newChannelId();
    await subscribe(`"${id}"`, { events: ["Deals.edit", "Contacts.all"] });
    const headers = [authorization];
    const line = "PATCH /crm/v2/actions/watch";
    const token = `${"aZ09+/".repeat(8)}A`;
    const renewal = JSON.stringify({
      watch: [{ channel_expiry: "2026-01-15T11:00:00Z", token, channel_id: Number(id), events: ["Deals.edit", "Contacts.all"] }],
    });
    const renewed = await send({ line, headers, payload: renewal });
    assert.deepEqual(
      [renewed.status, textAt(renewed.body, "watch", 0, "message")],
      [200, "Successfully updated the subscribe details"],
      renewed.text,
    );
    const renewedRows = await rowsOf(id);
    assert.equal(renewedRows.length, 2);
    for (const row of renewedRows) {
      assert.deepEqual([at(row, "notify_url"), at(row, "token")], ["https://www.zoho.com/callback?a=b", token]);
    }
    const payload = JSON.stringify({ watch: [{ _delete_events: true, channel_id: id, events: ["Contacts.all"] }] });
    const taken = await send({ line, headers, payload });
    assert.deepEqual(
      [taken.status, textAt(taken.body, "watch", 0, "message")],
      [200, "Successfully removed the subscribe details"],
      taken.text,
    );
    const rows = await rowsOf(id);
    assert.deepEqual(
      rows.map((row) => at(row, "resource_name")),
      ["Deals"],
    );
    assert.ok(!Object.hasOwn(Object(rows[0]), "_delete_events"));
  });

  test("a condition of one field without a group, and one nested in pairs, are kept as they came", async () => {
    const field = (api_name: string): unknown => ({ field: { api_name } });
    const names = ["Deal_Name", "Amount", "Closing_Date", "Next_Step", "Description"];
    const nested = names.reduce<unknown>(
      (inner, name) => (inner === null ? field(name) : { group_operator: "or", group: [field(name), inner] }),
      null,
    );
    for (const field_selection of [field("Stage"), nested]) {
      const id = newChannelId();
      const notification_condition = [{ type: "field_selection", module: { api_name: "Deals" }, field_selection }];
      const made = await subscribe(`"${id}"`, { notification_condition, return_affected_field_values: true });
      assert.equal(made.status, 201, made.text);
      assert.match(JSON.stringify(at((await rowsOf(id))[0], "notification_condition")), /"type":"field_selection"/);
    }
  });

  test("lists take a page, and a channel with a module", async () => {
    const id = newChannelId();
    await subscribe(`"${id}"`, { events: ["Deals.edit", "Contacts.all"] });
    for (const [query, count] of [
      [`channel_id=${id}&module=Deals`, 1],
      [`channel_id=${id}&module=deals&`, 1],
      [`channel_id=${id}`, 2],
      [`page=1&per_page=200&channel_id=${id}`, 2],
    ] as const) {
      const answer = await send({ line: `GET /crm/v8/actions/watch?${query}`, headers: [authorization] });
      assert.equal(answer.status, 200, query);
      assert.equal(listAt(answer.body, "watch").length, count, query);
      assert.deepEqual(at(answer.body, "info", "more_records"), false);
    }
  });
});
