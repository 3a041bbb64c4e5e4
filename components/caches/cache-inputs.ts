import type { ReadInput } from "@/lib/client/reads.ts";

/** Inputs of this page's reads: made here for the prefetch on the server and for the panels alike. */
export type Range = ReadInput<"bufferCacheHits">["range"];

export const relationKinds = ["table", "index"] as const;
export type RelationKind = (typeof relationKinds)[number];

type Order = NonNullable<ReadInput<"relationCacheHits">["orderBy"]>;
const orders: Record<string, Order> = {
  name: "name",
  reads: "reads",
  hits: "hits",
  blocks: "blocks",
  share: "share",
  size: "size",
};
export const defaultRelationSort = { id: "reads", desc: true };

/** `sort` is "hits.desc" as the URL holds it; the server picks the first 200 in that order. */
export function relationsInput(
  kind: RelationKind,
  { sort, each }: { sort: string | null; each: boolean },
): ReadInput<"relationCacheHits"> {
  const orderBy = orders[sort?.slice(0, sort.lastIndexOf(".")) ?? ""] ?? "reads";
  return { kind, orderBy, limit: 200, groupPartitions: !each };
}

/** Every read of the page with its input, from the page's search parameters. */
export function cacheReads(range: Range, search: (name: string) => string | null) {
  const kind = relationKinds.find((each) => each === search("relations")) ?? "table";
  const relations = relationsInput(kind, { sort: search("relations-sort"), each: search("each") === "true" });
  return [
    ["cacheWaterfall", { range }],
    ["bufferCacheHits", { range }],
    ["readLatency", { range }],
    ["queryCacheHistory", { range }],
    ["queryCache", {}],
    ["cacheContents", {}],
    ["cacheSettings", {}],
    ["relationCacheHits", relations],
    ["ioByBackend", { range }],
    ["bufferUsage", {}],
  ] as const;
}
