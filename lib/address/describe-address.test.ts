import { expect, test } from "vitest";
import { parseEnv } from "../env/parse.ts";
import { describeAddress, listSettings } from "./describe-address.ts";
import { parseAddress } from "./parse-address.ts";

const home = { HOME: "/nowhere" };

test("what was understood is told, what our sessions override with why, and nothing secret", () => {
  const address = parseAddress(
    "postgres://w:geh%65im@h1:1,[::1]:2/my%20db?sslmode=verify-ca&sslpassword=geheim&target_session_attrs=standby" +
      "&application_name=mine&client_encoding=LATIN1&keepalives=0&connect_timeout=1&load_balance_hosts=random" +
      "&options=-c%20datestyle%3DSQL%5C,%5C%20DMY%20--work-mem%3D8MB%20-cTimeZone%3DUTC",
    home,
  );
  const described = describeAddress(
    address,
    new Map([
      ["datestyle", "ISO, YMD"],
      ["timezone", "UTC"],
    ]),
  );
  expect(described).toEqual({
    user: "w",
    database: "my db",
    hosts: ["h1:1", "[::1]:2"],
    password: "given",
    tls: "sslmode verify-ca; /nowhere/.postgresql/root.crt, which it needs, is not there",
    connecting: [
      "target_session_attrs standby",
      "hosts in random order",
      "connect_timeout 2 s",
      "no keepalives",
    ],
    overridden: [
      { setting: "datestyle = SQL, DMY in options", because: "the console's sessions have ISO, YMD" },
      { setting: "application_name", because: "each kind of session has a name of its own" },
      { setting: "client_encoding", because: "the console's sessions have UTF8" },
    ],
  });
  expect(JSON.stringify(described)).not.toContain("geheim");
});

test("without a password it is said where one is looked for, and why not", () => {
  expect(describeAddress(parseAddress("postgres://w@/db?host=/run/x", home), new Map())).toMatchObject({
    hosts: ["/run/x:5432"],
    password: "none (/nowhere/.pgpass: there is none)",
    tls: "none on a Unix socket",
    connecting: [],
    overridden: [],
  });
});

test("settings of a command line, in every spelling", () => {
  expect(listSettings("-c a=1 -cb=2 --c-d=x\\ y -e -c f")).toEqual([
    { name: "a", value: "1" },
    { name: "b", value: "2" },
    { name: "c_d", value: "x y" },
  ]);
});

test("the environment is refused for what an address names and is not there, each by its purpose", () => {
  const refused = (variables: Record<string, string>) => {
    try {
      parseEnv({ HOME: "/nowhere", PGSERVICEFILE: "/nowhere/services", ...variables });
      return "";
    } catch (thrown) {
      return String(thrown);
    }
  };
  expect(refused({ AUDIT_DATABASE_URL: "postgres://w:geheim@h/a%b" })).toMatch(
    /AUDIT_DATABASE_URL: A % in the database name is not followed by two hexadecimal digits/,
  );
  expect(refused({ AUDIT_DATABASE_URL: "postgres://w:geheim@h/a?sslmode=bogus" })).toMatch(
    /AUDIT_DATABASE_URL: sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full\./,
  );
  expect(refused({ AUDIT_DATABASE_URL: "postgres:///?service=audit" })).toMatch(
    /the watching address of audit: The service file \/nowhere\/services cannot be read\./,
  );
  expect(
    refused({
      AUDIT_DATABASE_URL: "postgres://w:geheim@h1,h2/a?target_session_attrs=standby",
      AUDIT_REPLICA_URLS: "postgres://w:geheim@h3/a",
    }),
  ).toMatch(/target_session_attrs may only be primary or read-write/);
  expect(refused({ AUDIT_DATABASE_URL: "postgres://w:geheim@h1,h2/a?target_session_attrs=standby" })).toBe(
    "",
  );
});
