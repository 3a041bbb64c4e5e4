import { expect, test } from "vitest";
import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import { groupContents, parseContentsSort } from "./contents-figures.ts";

const row = (name: string, figures: Partial<StatementContents> = {}): StatementContents => ({
  name,
  topic: name.split(".")[0] ?? "",
  entries: 1,
  bytes: 10,
  sharedEntries: null,
  sharedBytes: null,
  hits: 0,
  sharedHits: 0,
  misses: 0,
  costMs: null,
  savedMs: null,
  ...figures,
});

test("a topic adds its statements up, the mean weighed by runs, and the unknown stays unknown", () => {
  const [caches, queries] = groupContents([
    row("caches.io", { misses: 3, costMs: 10, savedMs: 100, sharedEntries: 2 }),
    row("queries.status"),
    row("caches.settings", { misses: 1, costMs: 50, savedMs: 5, hits: 7 }),
  ]);
  expect(caches).toMatchObject({
    name: "caches",
    entries: 2,
    bytes: 20,
    hits: 7,
    misses: 4,
    costMs: 20,
    savedMs: 105,
    sharedEntries: 2,
    sharedBytes: null,
  });
  expect(caches?.statements.map(({ name }) => name)).toEqual(["caches.io", "caches.settings"]);
  expect(queries).toMatchObject({ name: "queries", costMs: null, savedMs: null, sharedEntries: null });
});

test("topics and statements stand in the order asked for, the unknown last either way", () => {
  const rows = [
    row("a.one", { savedMs: 1 }),
    row("b.one"),
    row("c.one", { savedMs: 9 }),
    row("c.two", { savedMs: 20 }),
  ];
  const order = (sort: string) => groupContents(rows, parseContentsSort(sort)).map(({ name }) => name);
  expect(order("savedMs.desc")).toEqual(["c", "a", "b"]);
  expect(order("savedMs.asc")).toEqual(["a", "c", "b"]);
  expect(order("name.desc")).toEqual(["c", "b", "a"]);
  expect(order("nonsense.asc")).toEqual(["c", "a", "b"]);
  const [c] = groupContents(rows, parseContentsSort("savedMs.asc")).filter(({ name }) => name === "c");
  expect(c?.statements.map(({ name }) => name)).toEqual(["c.one", "c.two"]);
});
