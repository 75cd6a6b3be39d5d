import assert from "node:assert/strict";
import { test } from "node:test";
import { createTargetGuard, readCidr } from "./target-guard.ts";

const strict = createTargetGuard({ allowedCidrs: [] });
const dev = createTargetGuard({ allowedCidrs: ["127.0.0.0/8", "::1/128"] });

const publicAddresses = [
  "1.1.1.1",
  "8.8.8.8",
  "100.63.255.255",
  "100.128.0.1",
  "126.255.255.255",
  "128.0.0.1",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "198.17.255.255",
  "198.20.0.1",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:800::200e",
  "2400:cb00::1",
];

const refusedAddresses: Readonly<Record<string, readonly string[]>> = {
  unspecified: ["0.0.0.0", "0.1.2.3", "::", "0:0:0:0:0:0:0:0"],
  loopback: ["127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "0:0:0:0:0:0:0:1"],
  private: ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  "carrier-grade NAT": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
  "link-local": ["169.254.0.1", "169.254.255.255", "fe80::1", "fe80::1%eth0", "febf::1"],
  metadata: ["169.254.169.254", "169.254.170.2", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"],
  "unique local": ["fc00::1", "fd12:3456:789a::1", "fdff:ffff::1"],
  "site-local": ["fec0::1", "feff::1"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  broadcast: ["255.255.255.255"],
  reserved: ["240.0.0.1", "254.255.255.255", "192.0.0.1", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1"],
  benchmarking: ["198.18.0.1", "198.19.255.255", "2001:2::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "special IPv6": ["100::1", "2001:10::1", "2001:20::1", "2001:1::1", "5f00::1", "2620:4f:8000::1", "4000::1", "8000::1", "1::1"],
  "v4-mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::ffff:8.8.8.8", "0:0:0:0:0:ffff:7f00:1"],
  "v4-compatible": ["::10.0.0.1", "::7f00:1", "::8.8.8.8"],
  "v4-translated": ["::ffff:0:10.0.0.1", "::ffff:0:8.8.8.8"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "64:ff9b:1:ffff::8.8.8.8"],
  "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1"],
  Teredo: ["2001:0:4136:e378:8000:63bf:80ff:fffe", "2001::1"],
  ISATAP: ["2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:10.0.0.1", "2606:4700::5efe:8.8.8.8", "fe80::5efe:127.0.0.1"],
  "not an address": [
    "",
    "example.com",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "010.0.0.1",
    "2130706433",
    "1.2.3.4.5",
    "[::1]",
    ":::",
    "1.1.1.1/32",
  ],
};

test("every globally routable unicast address is allowed", () => {
  for (const address of publicAddresses) assert.equal(strict.isAddressAllowed(address), true, address);
});

for (const [kind, addresses] of Object.entries(refusedAddresses)) {
  test(`an address is refused: ${kind}`, () => {
    for (const address of addresses) assert.equal(strict.isAddressAllowed(address), false, address);
  });
}

test("an allowed range takes its addresses out of the refusal, and no others", () => {
  const guard = createTargetGuard({ allowedCidrs: ["10.1.0.0/16", "fd00:1::/32", "192.168.7.7"] });
  for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5", "192.168.7.7", "1.1.1.1"]) {
    assert.equal(guard.isAddressAllowed(address), true, address);
  }
  for (const address of ["10.2.0.1", "::ffff:10.2.0.1", "::10.1.2.3", "fd00:2::5", "192.168.7.8", "64:ff9b::10.1.2.3", "2002:a01:203::"]) {
    assert.equal(guard.isAddressAllowed(address), false, address);
  }
});

test("an allowed carrier range is judged by the address inside as well", () => {
  const guard = createTargetGuard({ allowedCidrs: ["64:ff9b::/96", "2001::/32", "2002::/16"] });
  for (const address of ["64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"]) {
    assert.equal(guard.isAddressAllowed(address), true, address);
  }
  for (const address of ["64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe"]) {
    assert.equal(guard.isAddressAllowed(address), false, address);
  }
});

test("allowing all of IPv6 does not open IPv4 through a carrier", () => {
  const guard = createTargetGuard({ allowedCidrs: ["::/0"] });
  assert.equal(guard.isAddressAllowed("fd00::1"), true);
  for (const address of ["::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:a00:1::", "10.0.0.1"]) {
    assert.equal(guard.isAddressAllowed(address), false, address);
  }
});

const refusedUrls = [
  "ftp://example.com/",
  "file:///etc/hosts",
  "javascript:alert(1)",
  "https://user@example.com/",
  "https://user:password@example.com/",
  "http://localhost/",
  "http://LOCALHOST:8080/",
  "http://localhost./",
  "http://hook.localhost/",
  "http://127.0.0.1/",
  "http://127.0.0.1./",
  "http://127.1/",
  "http://0x7f.1/",
  "http://0x7f000001/",
  "http://0177.0.0.1/",
  "http://2130706433/",
  "http://0/",
  "http://１２７.0.0.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://0xA9FEA9FE/",
  "http://10.0.0.1:8080/",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:8.8.8.8]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[2002:7f00:1::]/",
  "http://[fd00:ec2::254]/",
];

test("a URL is refused by its scheme, its user part, or the address it shows in any spelling", () => {
  for (const url of refusedUrls) assert.equal(strict.isUrlAllowed(new URL(url)), false, url);
});

test("a URL with a public address or any other name passes", () => {
  for (const url of [
    "https://example.com/hook?a=b",
    "http://example.com:8080/",
    "https://1.1.1.1/",
    "https://[2606:4700:4700::1111]/",
    "http://localhost.example/",
  ]) {
    assert.equal(strict.isUrlAllowed(new URL(url)), true, url);
  }
});

test("with loopback allowed, localhost and loopback literals pass and the rest stays refused", () => {
  for (const url of [
    "http://localhost:9000/",
    "http://hook.localhost/",
    "http://127.1/",
    "http://[::1]:9000/",
    "http://[::ffff:127.0.0.1]/",
  ]) {
    assert.equal(dev.isUrlAllowed(new URL(url)), true, url);
  }
  for (const url of ["http://10.0.0.1/", "http://169.254.169.254/", "ftp://localhost/", "http://user@localhost/"]) {
    assert.equal(dev.isUrlAllowed(new URL(url)), false, url);
  }
});

const cidrs: Readonly<Record<string, string | null>> = {
  "10.0.0.0/8": "10.0.0.0/8",
  "10.1.2.3/8": "10.0.0.0/8",
  "0.0.0.0/0": "0.0.0.0/0",
  "127.0.0.1": "127.0.0.1/32",
  "::1": "::1/128",
  "FD00:0:0:1::5/64": "fd00:0:0:1::/64",
  "::/0": "::/0",
  "::ffff:10.1.2.3/104": "10.0.0.0/8",
  "::ffff:10.1.2.3": "10.1.2.3/32",
  "10.0.0.0/33": null,
  "::/129": null,
  "10.0.0.0/": null,
  "10.0.0.0/08": null,
  "10.0.0.0/-1": null,
  "10.0.0.0/8/8": null,
  "10/8": null,
  "010.0.0.0/8": null,
  "fe80::1%eth0/64": null,
  " 10.0.0.0/8": null,
  localhost: null,
  "": null,
};

test("a CIDR range is read into its canonical form, a single address as a range of one", () => {
  for (const [text, canonical] of Object.entries(cidrs)) assert.equal(readCidr(text), canonical, text);
});

test("a policy whose range cannot be read is a bug", () => {
  assert.throws(() => createTargetGuard({ allowedCidrs: ["nowhere"] }), /CIDR/);
});
