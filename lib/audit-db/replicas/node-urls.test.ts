import { expect, test } from "vitest";
import { parseEnv } from "../../env/parse.ts";
import { splitHosts } from "./node-url.ts";
import { listNodeUrls } from "./node-urls.ts";

test("a URL of several hosts is as many URLs", () => {
  expect(splitHosts("postgres://u:p,w@h1:1,h2:2/db?sslmode=require")).toEqual([
    "postgres://u:p,w@h1:1/db?sslmode=require",
    "postgres://u:p,w@h2:2/db?sslmode=require",
  ]);
  expect(splitHosts("postgres://h1/db")).toEqual(["postgres://h1/db"]);
});

test("without replicas every URL stays as it was given", () => {
  const urls = { watch: "postgres://w@h1/db", write: "postgres://x:%40@h1:5432/db?sslmode=require" };
  expect(listNodeUrls({ ...urls, replicas: [] })).toEqual([{ name: "h1:5432", urls }]);
});

test("each role follows to each node with its own credentials; one that leads elsewhere stays there", () => {
  const nodes = listNodeUrls({
    watch: "postgres://w:1@h1:5432,h2:5432/db",
    replicas: ["postgres://r:2@h3:5433/db?sslmode=require", "postgres://w:1@h1:5432/db"],
    read: "postgres://w:1@h1:5432,h2:5432/db",
    write: "postgres://x:p%40ss@h1:5432/db?sslmode=require",
    maintenance: "postgres://m@pooler:6432/db",
  });
  expect(nodes.map((node) => node.name)).toEqual(["h1:5432", "h2:5432", "h3:5433"]);
  expect(nodes[2]?.urls).toEqual({
    watch: "postgres://r:2@h3:5433/db?sslmode=require",
    read: "postgres://r:2@h3:5433/db?sslmode=require",
    write: "postgres://x:p%40ss@h3:5433/db?sslmode=require",
    maintenance: "postgres://m@pooler:6432/db",
  });
  expect(nodes[1]?.urls.watch).toBe("postgres://w:1@h2:5432/db");
});

test("a reader of its own reads on the replicas too", () => {
  const [, replica] = listNodeUrls({
    watch: "postgres://w@h1/db",
    read: "postgres://reader@h1/db",
    replicas: ["postgres://r@h2/db"],
  });
  expect(replica?.urls).toEqual({ watch: "postgres://r@h2/db", read: "postgres://reader@h2:5432/db" });
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
