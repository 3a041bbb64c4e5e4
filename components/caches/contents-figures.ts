import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import type { Unit } from "@/lib/collector/types.ts";

type Figures = Omit<StatementContents, "name" | "topic">;

export interface ContentsFigure {
  id: keyof Figures;
  header: string;
  unit: Unit;
  help: string;
  /** The narrowest window in which it stands. */
  from?: "sm" | "lg";
  /** Only where there is a second level. */
  shared?: true;
  /** Counted in Redis, where counting may stop early. */
  bounded?: true;
}

/** Columns of the table, in order. */
export const contentsFigures: readonly ContentsFigure[] = [
  {
    id: "entries",
    header: "Answers",
    unit: "count",
    help: "In the memory of all processes",
    from: "sm",
  },
  { id: "bytes", header: "Memory", unit: "bytes", help: "What they take there" },
  {
    id: "sharedEntries",
    header: "In Redis",
    unit: "count",
    help: "Answers in the second level",
    from: "lg",
    shared: true,
    bounded: true,
  },
  {
    id: "sharedBytes",
    header: "Redis memory",
    unit: "bytes",
    help: "What they take there, compressed",
    from: "sm",
    shared: true,
    bounded: true,
  },
  {
    id: "hits",
    header: "From memory",
    unit: "count",
    help: "Reads that a process answered by itself",
  },
  {
    id: "sharedHits",
    header: "From Redis",
    unit: "count",
    help: "Reads that the second level answered",
    from: "lg",
    shared: true,
  },
  { id: "misses", header: "Runs", unit: "count", help: "Reads that ran on the server", from: "sm" },
  { id: "costMs", header: "Mean run", unit: "ms", help: "How long a run takes, on average", from: "lg" },
  {
    id: "savedMs",
    header: "Saved, about",
    unit: "ms",
    help: "An estimate: answered × mean run",
    from: "sm",
  },
];

/** A topic with its statements, or one of these. */
export interface ContentsRow extends StatementContents {
  statements?: readonly StatementContents[];
}

/** Statements under their topics with sums, both by name. */
export function groupContents(statements: readonly StatementContents[]): ContentsRow[] {
  const topics = Map.groupBy(
    statements.toSorted((a, b) => a.name.localeCompare(b.name)),
    (row) => row.topic,
  );
  return [...topics].map(([topic, rows]) => ({ ...sumOf(topic, rows), statements: rows }));
}

function sumOf(topic: string, rows: readonly StatementContents[]): StatementContents {
  const sum = (figure: keyof Figures) => {
    const known = rows.flatMap((row) => row[figure] ?? []);
    return known.length > 0 ? known.reduce((all, value) => all + value, 0) : null;
  };
  const timed = rows.filter(({ costMs }) => costMs !== null);
  const runs = timed.reduce((all, { misses }) => all + misses, 0);
  return {
    name: topic,
    topic,
    entries: sum("entries") ?? 0,
    bytes: sum("bytes") ?? 0,
    sharedEntries: sum("sharedEntries"),
    sharedBytes: sum("sharedBytes"),
    hits: sum("hits") ?? 0,
    sharedHits: sum("sharedHits") ?? 0,
    misses: sum("misses") ?? 0,
    costMs:
      runs > 0 ? timed.reduce((all, { costMs, misses }) => all + (costMs ?? 0) * misses, 0) / runs : null,
    savedMs: sum("savedMs"),
  };
}
