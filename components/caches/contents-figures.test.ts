import { expect, test } from "vitest";
import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import { groupContents } from "./contents-figures.ts";

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
  expect(caches?.statements?.map(({ name }) => name)).toEqual(["caches.io", "caches.settings"]);
  expect(queries).toMatchObject({ name: "queries", costMs: null, savedMs: null, sharedEntries: null });
});

test("topics and their statements stand by name, whatever order they came in", () => {
  const topics = groupContents([row("c.two"), row("a.one"), row("c.one"), row("b.one")]);
  expect(topics.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(topics[2]?.statements?.map(({ name }) => name)).toEqual(["c.one", "c.two"]);
});
