import type { Sql } from "postgres";
import { comparesHere, isOrdered } from "./bound-values.ts";
import { parseBounds, type RangeEnd } from "./parse-bounds.ts";
import type { BoundRanks, KeyColumn } from "./types.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

interface Node {
  oid: number;
  parent: number | null;
  strategy: "range" | "list" | "hash" | null;
  key: KeyColumn[] | null;
  bounds: string | null;
}

interface Ranked {
  column: KeyColumn;
  values: Set<string>;
  ranks: Map<string, number>;
}

/**
 * Lets the server order the bounds of texts (by their collation), numerics, uuids, enums and its other own types: one
 * statement for each such type and collation, and none where keys are times and integers. Never runs operators or input
 * functions that somebody else wrote.
 */
export async function rankBounds<N extends Node>(
  sql: Sql,
  nodes: readonly N[],
): Promise<(N & { ranks?: BoundRanks })[]> {
  const byOid = new Map(nodes.map((node) => [node.oid, node]));
  const kinds = new Map<string, Ranked>();
  const kindOf = (column: KeyColumn): Ranked => {
    const id = JSON.stringify([column.type, column.collation, column.less]);
    const kind = kinds.get(id) ?? { column, values: new Set(), ranks: new Map() };
    kinds.set(id, kind);
    return kind;
  };
  const ranged = nodes.flatMap((node) => {
    const parent = node.parent === null ? undefined : byOid.get(node.parent);
    if (parent?.strategy !== "range" || !parent.key?.some(isRankedByServer)) return [];
    const bounds = node.bounds === null ? null : parseBounds(node.bounds);
    return bounds?.kind === "range" ? [{ node, bounds, key: parent.key }] : [];
  });
  if (ranged.length === 0) return [...nodes];
  const eachValue = (
    ends: RangeEnd[],
    key: KeyColumn[],
    visit: (kind: Ranked, text: string) => number | null,
  ) =>
    ends.map((end, i) => {
      const column = key[i];
      return end.is === "value" && column && isRankedByServer(column)
        ? visit(kindOf(column), end.text)
        : null;
    });
  const collect = (kind: Ranked, text: string) => {
    kind.values.add(text);
    return null;
  };
  for (const { bounds, key } of ranged)
    for (const ends of [bounds.from, bounds.to]) eachValue(ends, key, collect);
  for (const kind of kinds.values()) kind.ranks = await askRanks(sql, kind);
  const look = (kind: Ranked, text: string) => kind.ranks.get(text) ?? null;
  const ranks = new Map(
    ranged.map(({ node, bounds, key }) => [
      node.oid,
      { from: eachValue(bounds.from, key, look), to: eachValue(bounds.to, key, look) },
    ]),
  );
  return nodes.map((node) => {
    const own = ranks.get(node.oid);
    return own ? { ...node, ranks: own } : node;
  });
}

function isRankedByServer(column: KeyColumn): boolean {
  return isOrdered(column) && !comparesHere(column);
}

/** Nothing where the server refuses, e.g. a collation in a schema that is closed to us: those bounds are not judged. */
async function askRanks(sql: Sql, { column, values }: Ranked): Promise<Map<string, number>> {
  const typed = `value::${column.type}${column.collation ? ` collate ${column.collation}` : ""}`;
  try {
    const rows = await withProbeSettings(
      sql,
      (probe) => probe<{ value: string; rank: number }[]>`
        select value, dense_rank() over (order by ${probe.unsafe(typed)}
                                         using operator(pg_catalog.${probe.unsafe(column.less ?? "<")}))::int as "rank"
        from json_array_elements_text(${JSON.stringify([...values])}::text::json) as value`,
    );
    return new Map(rows.map(({ value, rank }) => [value, rank]));
  } catch (thrown) {
    if (isRefusal(thrown)) return new Map();
    throw thrown;
  }
}

/** Errors of the statement itself: access rule, data, feature not supported. */
function isRefusal(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return /^(42|22|0A)/.test(code);
}
