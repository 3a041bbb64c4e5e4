import { expect, test } from "vitest";
import { createReach, isPublic, type LookupAll } from "./reach.ts";

test.each([
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "100.100.100.200",
  "127.0.0.1",
  "168.63.129.16",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:0:7f00:1",
  "::7f00:1",
  "64:ff9b::7f00:1",
  "64:ff9b::808:808",
  "64:ff9b:1::7f00:1",
  "2002:7f00:1::",
  "2001::1",
  "2001:db8::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%lo",
  "fec0::1",
  "ff02::1",
  "no address",
])("%s is no public address", (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each(["1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])("%s is public", (address) => {
  expect(isPublic(address)).toBe(true);
});

const answering =
  (...addresses: string[]): LookupAll =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const resolve = (reach: ReturnType<typeof createReach>, host: string) =>
  new Promise((done) =>
    reach.lookup(host, { all: true }, (error, addresses) => done(error ? error.message : addresses)),
  );

test("of a name's addresses only those are connected to that may be; with none it fails and says what to do", async () => {
  const mixed = createReach([], answering("127.0.0.1", "1.1.1.1", "::1"));
  expect(await resolve(mixed, "mixed.test")).toEqual([{ address: "1.1.1.1", family: 4 }]);
  expect(await resolve(createReach([], answering("10.0.0.1")), "inside.test")).toBe(
    "inside.test leads to a private or reserved address. Name it in ALERT_DESTINATIONS_ALLOWED if alerts may go there.",
  );
});

test("what is allowed by name or network is reached and may go without TLS, but for the metadata service by name", async () => {
  const reach = createReach(["Inside.test.", "10.0.0.0/8", "fd00::1"], answering("10.0.0.1"));
  expect(await resolve(reach, "other.test")).toEqual([{ address: "10.0.0.1", family: 4 }]);
  expect(reach.mayBePlain("inside.TEST", "192.168.0.1")).toBe(true);
  expect(reach.mayBePlain("other.test", "192.168.0.1")).toBe(false);
  expect(reach.refusalOf("10.2.3.4", true)).toBe(null);
  expect(reach.refusalOf("fd00::1", false)).toBe(null);
  expect(reach.refusalOf("fd00::2", false)).toMatch(/^fd00::2 leads to a private/);
  expect(reach.refusalOf("1.1.1.1", true)).toMatch(/without TLS/);
  const metadata = createReach(["inside.test"], answering("169.254.169.254"));
  expect(await resolve(metadata, "inside.test")).toMatch(/private or reserved/);
  const named = createReach(["169.254.169.254"], answering("169.254.169.254"));
  expect(await resolve(named, "inside.test")).toEqual([{ address: "169.254.169.254", family: 4 }]);
});
