/** What real clients were seen to send, byte by byte: CLIENTS 3 (tokens), 4 and 5 (paths) and 6 (requests as sent). Each title names the client or the habit. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { at, listAt, textAt } from "../support/json.ts";
import type { RawRequest } from "../support/raw-http.ts";
import { RawWire, got, newChannelId, tokenForm, versions, watchBody } from "../support/raw-wire.ts";

let wire: RawWire;
before(async () => {
  wire = await RawWire.start();
});
after(() => wire?.stop());

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
      const { status, body } = await wire.send(request);
      assert.equal(status, 200);
      assert.equal(at(body, "api_domain"), wire.app.baseUrl);
      assert.deepEqual([at(body, "expires_in"), at(body, "token_type")], [3_600, "Bearer"]);
      assert.ok(!Object.hasOwn(Object(body), "expires_in_sec"), "SDKs would take expires_in for milliseconds");
      const headers = [`Authorization: Zoho-oauthtoken ${textAt(body, "access_token")}`];
      assert.equal((await wire.send({ line: "GET /crm/v8/org", headers })).status, 200);
    });
  }

  test("a failure has the key error, under 200", async () => {
    const answer = await wire.send({
      line: `POST /oauth/v2/token?${tokenForm().replace(/refresh_token=1000[^&]*/, "refresh_token=1000.x")}`,
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, { error: "invalid_code" });
  });
});

describe("paths (CLIENTS 4, 5)", () => {
  for (const version of versions) {
    test(`n8n's lower-case modules are those of ${version}`, async () => {
      const headers = wire.headers("n8n");
      const payload = '{"data":[{"Account_Name":"Acme","Vendor_Name":"Acme"}]}';
      for (const module of ["accounts", "vendors", "VENDORS"]) {
        const made = await wire.send({ line: `POST /crm/${version}/${module}`, headers, payload });
        assert.equal(made.status, 201, made.text);
      }
      const fields = await wire.send({ line: `GET /crm/${version}/settings/fields?module=leads`, headers });
      assert.ok(listAt(fields.body, "fields").some((field) => at(field, "api_name") === "Last_Name"));
      const list = await wire.send({ line: `GET /crm/${version}/accounts?fields=Account_Name&per_page=200&page=1`, headers });
      assert.equal(typeof at(list.body, "info", "more_records"), "boolean");
    });
  }

  test("a number that no float holds keeps its digits on the way in and out", async () => {
    const owner = await wire.send({ line: "GET /crm/v8/users?type=CurrentUser", headers: [wire.authorization] });
    const payload = `{"data":[{"Last_Name":"Long","Owner":{"id":${textAt(owner.body, "users", 0, "id")}}}]}`;
    const made = await wire.send({ line: "POST /crm/v8/Leads", headers: [wire.authorization], payload });
    assert.equal(made.status, 201, made.text);
    const id = textAt(made.body, "data", 0, "details", "id");
    const lead = await wire.send({ line: `GET /crm/v2/leads/${id}`, headers: [wire.authorization] });
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
      const made = await wire.subscribe(sent);
      assert.equal(made.status, 201, made.text);
      assert.equal(at(made.body, "watch", 0, "details", "events", 0, "channel_id"), kept);
      assert.equal(at((await wire.rowsOf(kept))[0], "channel_id"), kept);
      const ended = await wire.send({ line: `DELETE /crm/v2/actions/watch?channel_ids=${kept}&`, headers: [wire.authorization] });
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
        const made = await wire.subscribe(`"${newChannelId()}"`, { channel_expiry: sent }, version);
        assert.equal(made.status, 201, made.text);
        assert.equal(at(made.body, "watch", 0, "details", "events", 0, "channel_expiry"), "2026-01-15T15:45:00+05:30");
      });
    }
  }

  test("the Chilkat sample's own expiry, malformed and long past, is a success with another expiry", async () => {
    const headers = wire.headers("Chilkat");
    const payload = watchBody("1000000068001", {
      channel_expiry: "2018-02-02T10:30:00 05:30",
      token: "TOKEN_FOR_VERIFICATION_OF_1000000068001",
    });
    const made = await wire.send({ line: "POST /crm/v2.1/actions/watch", headers, payload });
    assert.equal(made.status, 201, made.text);
    assert.equal(textAt(made.body, "watch", 0, "status"), "success");
    const expiry = textAt(made.body, "watch", 0, "details", "events", 0, "channel_expiry");
    assert.equal(Date.parse(expiry), wire.app.clock.now() + 2 * 3_600_000);
  });

  test("the order of the keys says nothing", async () => {
    const id = newChannelId();
    const payload = `{"watch":[{"notify_url":"https://www.zoho.com/x","channel_expiry":"2026-01-15T10:15:00Z","token":"t","events":["Contacts.all"],"channel_id":${id}}]}`;
    assert.equal((await wire.send({ line: "POST /crm/v8/actions/watch", headers: [wire.authorization], payload })).status, 201);
    assert.deepEqual(at((await wire.rowsOf(id))[0], "events"), ["Contacts.edit", "Contacts.create", "Contacts.delete"]);
  });

  test("PATCH with events and token but no notify_url renews, and with _delete_events takes a module away", async () => {
    const id = newChannelId();
    await wire.subscribe(`"${id}"`, { events: ["Deals.edit", "Contacts.all"] });
    const headers = [wire.authorization];
    const line = "PATCH /crm/v2/actions/watch";
    const token = `${"aZ09+/".repeat(8)}A`;
    const renewal = JSON.stringify({
      watch: [{ channel_expiry: "2026-01-15T11:00:00Z", token, channel_id: Number(id), events: ["Deals.edit", "Contacts.all"] }],
    });
    const renewed = await wire.send({ line, headers, payload: renewal });
    assert.deepEqual(
      [renewed.status, textAt(renewed.body, "watch", 0, "message")],
      [200, "Successfully updated the subscribe details"],
      renewed.text,
    );
    const renewedRows = await wire.rowsOf(id);
    assert.equal(renewedRows.length, 2);
    for (const row of renewedRows) {
      assert.deepEqual([at(row, "notify_url"), at(row, "token")], ["https://www.zoho.com/callback?a=b", token]);
    }
    const payload = JSON.stringify({ watch: [{ _delete_events: true, channel_id: id, events: ["Contacts.all"] }] });
    const taken = await wire.send({ line, headers, payload });
    assert.deepEqual(
      [taken.status, textAt(taken.body, "watch", 0, "message")],
      [200, "Successfully removed the subscribe details"],
      taken.text,
    );
    const rows = await wire.rowsOf(id);
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
      const made = await wire.subscribe(`"${id}"`, { notification_condition, return_affected_field_values: true });
      assert.equal(made.status, 201, made.text);
      assert.match(JSON.stringify(at((await wire.rowsOf(id))[0], "notification_condition")), /"type":"field_selection"/);
    }
  });

  test("lists take a page, and a channel with a module", async () => {
    const id = newChannelId();
    await wire.subscribe(`"${id}"`, { events: ["Deals.edit", "Contacts.all"] });
    for (const [query, count] of [
      [`channel_id=${id}&module=Deals`, 1],
      [`channel_id=${id}&module=deals&`, 1],
      [`channel_id=${id}`, 2],
      [`page=1&per_page=200&channel_id=${id}`, 2],
    ] as const) {
      const answer = await wire.send({ line: `GET /crm/v8/actions/watch?${query}`, headers: [wire.authorization] });
      assert.equal(answer.status, 200, query);
      assert.equal(listAt(answer.body, "watch").length, count, query);
      assert.deepEqual(at(answer.body, "info", "more_records"), false);
    }
  });
});
