/** What real clients were seen to send, byte by byte: CLIENTS 2 (transport). Each title names the client or the habit; the answers are those that the client reads on from. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { at, listAt, textAt } from "../support/json.ts";
import { RawConnection, type RawRequest } from "../support/raw-http.ts";
import { RawWire, clientNames, got, newChannelId, tokenForm, versions, watchBody } from "../support/raw-wire.ts";

const invalidMethod =
  '{"code":"INVALID_REQUEST_METHOD","details":{},"message":"The http request method type is not a valid one","status":"error"}';
const subscribed = "Successfully subscribed for actions-watch of the given module";

let wire: RawWire;
before(async () => {
  wire = await RawWire.start();
});
after(() => wire?.stop());

describe("bodies (CLIENTS 2.1 to 2.3)", () => {
  for (const name of clientNames) {
    for (const version of ["v2", "v2.1", "v8"]) {
      test(`${name} subscribes on ${version}, reads, and unsubscribes`, async () => {
        const id = newChannelId();
        const headers = wire.headers(name);
        const path = `/crm/${version}/actions/watch`;
        const made = await wire.send({ line: `POST ${path}`, headers, payload: watchBody(`"${id}"`) });
        assert.equal(made.status, 201, made.text);
        assert.equal(textAt(made.body, "watch", 0, "message"), subscribed);
        const read = await wire.send({ line: `GET ${path}?channel_id=${id}`, headers });
        assert.equal(textAt(read.body, "watch", 0, "channel_id"), id);
        const ended = await wire.send({ line: `DELETE ${path}?channel_ids=${id}`, headers });
        assert.equal(ended.status, 200, ended.text);
        assert.equal(textAt(ended.body, "watch", 0, "message"), "Successfully un-subscribed from actions-watch");
        assert.equal((await wire.send({ line: `GET ${path}?channel_id=${id}`, headers })).status, 204);
      });
    }
  }

  test("JSON under Content-Types that say something else is JSON still", async () => {
    for (const type of ["text/plain;charset=UTF-8", "multipart/form-data; boundary=x", "application/octet-stream", "nonsense"]) {
      const headers = [wire.authorization, `Content-Type: ${type}`];
      const made = await wire.send({ line: "POST /crm/v6/actions/watch", headers, payload: watchBody(`"${newChannelId()}"`) });
      assert.equal(made.status, 201, `${type}: ${made.text}`);
    }
  });

  test("curl's -d @file, its line breaks stripped, and a body that keeps them are one body", async () => {
    const pretty = JSON.stringify(JSON.parse(watchBody(`"${newChannelId()}"`)), null, 4);
    for (const payload of [pretty, pretty.replaceAll("\n", ""), pretty.replaceAll("\n", "\r\n"), `\ufeff${pretty}`]) {
      assert.equal((await wire.send({ line: "POST /crm/v6/actions/watch", headers: wire.headers("curl"), payload })).status, 201);
    }
  });

  test("the nodejs SDKs' content-length: 0 on GET and DELETE is no body", async () => {
    const id = newChannelId();
    await wire.subscribe(`"${id}"`);
    const headers = [...got, wire.authorization, "content-length: 0"];
    assert.equal((await wire.send({ line: `GET /crm/v2.1/actions/watch?channel_id=${id}&`, headers })).status, 200);
    assert.equal((await wire.send({ line: "GET /crm/v2.1/settings/fields?module=Deals&", headers })).status, 200);
    assert.equal((await wire.send({ line: `DELETE /crm/v2.1/actions/watch?channel_ids=${id}&`, headers })).status, 200);
  });

  test("dereekb's application/json with an empty body is no error on GET, DELETE and the token request", async () => {
    const id = newChannelId();
    await wire.subscribe(`"${id}"`);
    const headers = [wire.bearer, "content-type: application/json", "content-length: 0"];
    assert.equal((await wire.send({ line: "GET /crm/v8/org", headers })).status, 200);
    assert.equal((await wire.send({ line: `DELETE /crm/v8/actions/watch?channel_ids=${id}`, headers })).status, 200);
    const token = await wire.send({ line: `POST /oauth/v2/token?${tokenForm()}`, headers: headers.slice(1) });
    assert.match(textAt(token.body, "access_token"), /./);
  });

  test("an empty body where one is due is an error in JSON, not a crash", async () => {
    for (const headers of [[], ["Content-Type: application/json", "Content-Length: 0"]]) {
      const answer = await wire.send({ line: "POST /crm/v6/actions/watch", headers: [wire.authorization, ...headers] });
      assert.equal(answer.status, 400);
      assert.equal(textAt(answer.body, "code"), "INVALID_DATA");
    }
  });

  test("a client that says Connection: close is let go, one that does not is kept", async () => {
    using closing = new RawConnection(wire.app.baseUrl);
    const closed = await closing.send({ line: "GET /crm/v2/org", headers: wire.headers("n8n") });
    assert.equal(closed.headers.get("connection"), "close");
    assert.ok(await closing.isEnded());
    using kept = new RawConnection(wire.app.baseUrl);
    for (const line of ["GET /crm/v8/org", "COPY /crm/v8/org", "GET /crm/v8/Nonsense/1", "GET /crm/v8/org"]) {
      const answer = await kept.send({ line, headers: [wire.authorization] });
      assert.equal(answer.headers.get("connection"), "keep-alive", line);
    }
  });
});

describe("query strings (CLIENTS 2.4)", () => {
  test("a trailing & is no parameter, and a list reads alike however its commas came", async () => {
    const deal = await wire.insert("Deals", { Deal_Name: "A deal", Stage: "Qualification" });
    const other = await wire.insert("Deals", { Deal_Name: "Another", Stage: "Qualification" });
    const queries = [
      `fields=Deal_Name%2CStage&ids=${deal}%2C${other}&sort_by=id&sort_order=asc`,
      `fields=Deal_Name,Stage&ids=${deal},${other}&sort_by=id&sort_order=asc&`,
      `ids=${deal},${other}&sort_order=asc&page=1&per_page=200&fields=Deal_Name%2cStage&&`,
    ];
    const answers = await Promise.all(
      queries.map((query) => wire.send({ line: `GET /crm/v2/deals?${query}`, headers: [wire.authorization] })),
    );
    for (const { status, body } of answers) {
      assert.equal(status, 200);
      assert.deepEqual(
        listAt(body, "data").map((row) => at(row, "id")),
        [deal, other],
      );
      assert.equal(at(body, "info", "more_records"), false);
    }
    const ended = await wire.send({ line: `DELETE /crm/v8/Deals?ids=${deal}%2C${other}&`, headers: [wire.bearer] });
    assert.equal(listAt(ended.body, "data").length, 2);
  });

  test("several channels end by one DELETE, their ids split by , or by %2C, with and without a trailing &", async () => {
    for (const [comma, end] of [",", "%2C", "%2c"].flatMap((each) => [[each, ""] as const, [each, "&"] as const])) {
      const ids = [newChannelId(), newChannelId()];
      for (const id of ids) await wire.subscribe(`"${id}"`);
      const line = `DELETE /crm/v8/actions/watch?channel_ids=${ids.join(comma)}${end}`;
      const ended = await wire.send({ line, headers: [wire.authorization] });
      assert.deepEqual(
        listAt(ended.body, "watch").map((result) => at(result, "details", "channel_id")),
        ids,
      );
    }
  });

  test("parameters that no one here knows change nothing", async () => {
    for (const line of ["GET /crm/v6/settings/fields?module=Deals&type=all", "GET /crm/v8/org?include=x&%zz=1&"]) {
      assert.equal((await wire.send({ line, headers: [wire.authorization] })).status, 200, line);
    }
  });
});

describe("answers (CLIENTS 2.5 to 2.8, 2.10)", () => {
  test("who asks for gzip gets large answers in it, Chilkat too; curl, which does not, gets them plain", async () => {
    const line = "GET /crm/v8/settings/fields?module=Deals";
    for (const name of clientNames) {
      const headers = wire.headers(name);
      const asks = headers.some((header) => /^accept-encoding:.*gzip/i.test(header));
      const answer = await wire.send({ line, headers });
      assert.equal(answer.headers.get("content-encoding"), asks ? "gzip" : undefined, name);
      assert.equal(answer.headers.get("vary"), "accept-encoding");
      assert.ok(listAt(answer.body, "fields").length > 10);
    }
    const small = await wire.send({ line: "GET /crm/v8/actions/watch?channel_id=1&module=x", headers: wire.headers("a typescript SDK") });
    assert.equal(small.headers.get("content-encoding"), undefined);
  });

  test("nothing is 204 with no body and no Content-Type", async () => {
    for (const line of [
      "GET /crm/v8/actions/watch?channel_id=404",
      "GET /crm/v2/Vendors?page=1&per_page=200&",
      "GET /crm/v8/Leads/554023000999999999",
    ]) {
      const answer = await wire.send({ line, headers: [wire.authorization] });
      assert.deepEqual([answer.status, answer.text, answer.headers.get("content-type")], [204, "", undefined], line);
    }
  });

  test("a record that was deleted is told of, not 204", async () => {
    const deal = await wire.insert("Deals", { Deal_Name: "A deal", Stage: "Qualification" });
    const ended = await wire.send({
      line: `DELETE /crm/v2/Deals/${deal}&`.replace("&", "?"),
      headers: [...got, wire.authorization, "content-length: 0"],
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
        [{ line: `GET /crm/${version}/Nonsense/1`, headers: [wire.authorization] }, 400, "INVALID_MODULE"],
        [{ line: `POST /crm/${version}/Leads`, headers: [wire.authorization], payload: "{" }, 400, "INVALID_DATA"],
        [{ line: `PROPFIND /crm/${version}/Leads` }, 400, "INVALID_REQUEST_METHOD"],
      ];
      for (const [request, status, code] of rows) {
        const answer = await wire.send(request);
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
    const headers = ["User-Agent: PostmanRuntime/7.39.1", "Accept: */*", wire.bearer];
    const answer = await wire.send({ line: "COPY /crm/v2.1/actions/watch", headers });
    assert.deepEqual([answer.status, answer.text], [400, invalidMethod]);
  });

  test("every other method that a path does not take gets it too, with a token and without", async () => {
    for (const method of ["OPTIONS", "TRACE", "PROPFIND", "LOCK", "SEARCH", "PURGE", "LINK", "M-SEARCH", "BREW"]) {
      for (const headers of [[], [wire.authorization]]) {
        const answer = await wire.send({ line: `${method} /crm/v8/actions/watch`, headers: [...headers, "Connection: close"] });
        assert.deepEqual([answer.status, answer.text], [400, invalidMethod], method);
      }
    }
  });

  test("HEAD is GET without its body, also where GET has none and where it is refused", async () => {
    const lines = ["/crm/v8/org", "/crm/v8/settings/fields?module=Deals", "/crm/v8/actions/watch?channel_id=404", "/crm/v8/Nonsense/1"];
    for (const line of lines) {
      const full = await wire.send({ line: `GET ${line}`, headers: [wire.authorization] });
      const head = await wire.send({ line: `HEAD ${line}`, headers: [wire.authorization] });
      assert.deepEqual([head.status, head.text], [full.status, ""]);
      for (const name of ["content-length", "content-type", "vary"]) assert.equal(head.headers.get(name), full.headers.get(name), line);
    }
  });

  test("a PUT or a DELETE that got sends again does no harm", async () => {
    const id = newChannelId();
    await wire.subscribe(`"${id}"`);
    const line = "PUT /crm/v8/actions/watch";
    for (const _ of [1, 2]) {
      assert.equal((await wire.send({ line, headers: [wire.authorization], payload: watchBody(`"${id}"`) })).status, 200);
    }
    const ending = { line: `DELETE /crm/v8/actions/watch?channel_ids=${id}`, headers: [wire.authorization] };
    assert.equal((await wire.send(ending)).status, 200);
    assert.equal(textAt((await wire.send(ending)).body, "watch", 0, "code"), "NOT_SUBSCRIBED");
  });
});
