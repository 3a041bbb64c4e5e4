import { expect, test } from "vitest";
import { parseAddress } from "../../address/parse-address.ts";
import type { Address } from "../../address/types.ts";
import { parseEnv } from "../../env/parse.ts";
import { listNodeAddresses, type PurposeAddresses } from "./node-addresses.ts";

const address = (url: string) => parseAddress(url, {});
const at = ({ hosts, user, password, database, tls }: Address) =>
  `${user}:${password ?? ""}@${hosts.map(({ host, port }) => `${host}:${port}`).join(",")}/${database} ${tls.mode}`;
const listed = (config: PurposeAddresses) =>
  listNodeAddresses(config).map(({ name, addresses }) => [
    name,
    Object.fromEntries(Object.entries(addresses).map(([purpose, one]) => [purpose, at(one)])),
  ]);

test("an address of several hosts is as many nodes; IPv6 addresses and sockets have names too", () => {
  expect(listed({ watch: address("postgres://u:p,w@h1:1,[::1]:2,%2Frun%2Fpg/db") })).toEqual([
    ["h1:1", { watch: "u:p,w@h1:1/db prefer" }],
    ["[::1]:2", { watch: "u:p,w@::1:2/db prefer" }],
    ["/run/pg:5432", { watch: "u:p,w@/run/pg:5432/db prefer" }],
  ]);
});

test("one that asks for the primary is as many nodes, one that asks for a standby or any is one", () => {
  const names = (attributes: string) =>
    listNodeAddresses({ watch: address(`postgres://u@h1,h2/db?target_session_attrs=${attributes}`) }).map(
      ({ name, addresses }) => `${name} ${addresses.watch.targetSessionAttrs}`,
    );
  for (const attributes of ["primary", "read-write"])
    expect(names(attributes)).toEqual(["h1:5432 any", "h2:5432 any"]);
  for (const attributes of ["any", "standby", "read-only", "prefer-standby"])
    expect(names(attributes)).toEqual([`h1:5432,h2:5432 ${attributes}`]);
});

test("without replicas every address stays as it was given", () => {
  const addresses = {
    watch: address("postgres://w@h1/db?target_session_attrs=read-write"),
    write: address("postgres://x:%40@h1:5432,h2/db?sslmode=require"),
  };
  expect(listNodeAddresses({ ...addresses, replicas: [] })).toEqual([{ name: "h1:5432", addresses }]);
});

test("each role follows to each node with its own credentials; one that leads elsewhere stays there", () => {
  const nodes = listed({
    watch: address("postgres://w:1@h1:5432,h2:5432/db"),
    replicas: [address("postgres://r:2@h3:5433/db?sslmode=require"), address("postgres://w:1@h1:5432/db")],
    read: address("postgres://w:1@h1:5432,h2:5432/db"),
    write: address("postgres://x:p%40ss@h1:5432/a%2Fb?sslmode=require"),
    maintenance: address("postgres://m@pooler:6432/db"),
  });
  expect(nodes.map(([name]) => name)).toEqual(["h1:5432", "h2:5432", "h3:5433"]);
  expect(nodes[2]?.[1]).toEqual({
    watch: "r:2@h3:5433/db require",
    read: "r:2@h3:5433/db require",
    write: "x:p@ss@h3:5433/a/b require",
    maintenance: "m:@pooler:6432/db prefer",
  });
  expect(nodes[1]?.[1]).toMatchObject({ watch: "w:1@h2:5432/db prefer" });
});

test("a reader of its own reads on the replicas too", () => {
  const [, replica] = listed({
    watch: address("postgres://w@h1/db"),
    read: address("postgres://reader@h1/db"),
    replicas: [address("postgres://r@h2/db")],
  });
  expect(replica?.[1]).toEqual({ watch: "r:@h2:5432/db prefer", read: "reader:@h2:5432/db prefer" });
});

test("the environment takes several hosts and several replicas, and names what is malformed", () => {
  const [target] = parseEnv({
    AUDIT_DATABASE_URL: "postgres://w:1@h1:5432,h2:5432/db",
    AUDIT_REPLICA_URLS: "postgres://r@h3/db, postgres://r@h4:1,h5:2/db",
  }).targets;
  expect(target).toMatchObject({
    watchUrl: "postgres://w:1@h1:5432,h2:5432/db",
    replicaUrls: ["postgres://r@h3/db", "postgres://r@h4:1,h5:2/db"],
  });
  expect(() =>
    parseEnv({ AUDIT_DATABASE_URL: "postgres://w@h1/db", AUDIT_REPLICA_URLS: "http://h2" }),
  ).toThrow("AUDIT_REPLICA_URLS");
});
