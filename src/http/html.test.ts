import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { html, pageAnswer, redirectAnswer } from "./html.ts";

test("texts are escaped, HTML of ours is not, and lists are joined", () => {
  const item = html`<li>${`<b a="1" b='2'>&`}</li>`;
  assert.equal(
    html`<ul title="${'"'}">
        ${[item, item]}
      </ul>
      ${""}`.markup.match(/<li>.*?<\/li>/)?.[0],
    "<li>&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;</li>",
  );
  assert.equal(html`<a title="${'">'}">${html`<b></b>`}</a>`.markup, '<a title="&quot;&gt;"><b></b></a>');
});

test("a page has the policy that lets nothing in but its own style, and is kept by nobody", () => {
  const { headers, text } = pageAnswer({ status: 200, title: "<t>", body: html`<p>1</p>`, formTargets: ["'self'", "https:"] });
  const named = Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ""]] : [])));
  const style = /<style>([\s\S]*?)<\/style>/.exec(text ?? "")?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    named["Content-Security-Policy"],
    `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self' https:; frame-ancestors 'none'; base-uri 'none'`,
  );
  assert.deepEqual(
    [named["Content-Type"], named["Cache-Control"], named["X-Frame-Options"], named["Referrer-Policy"]],
    ["text/html;charset=UTF-8", "no-store", "DENY", "same-origin"],
  );
  assert.match(text ?? "", /<title>&lt;t&gt;<\/title>/);
  assert.match(pageAnswer({ status: 400, title: "", body: html``, formTargets: [] }).headers.join(), /form-action 'none'/);
});

test("a redirect has an address and no body", () => {
  const { status, headers, text } = redirectAnswer("https://w.example/?code=1");
  assert.deepEqual([status, headers.slice(0, 2), text], [302, ["Location", "https://w.example/?code=1"], ""]);
});
