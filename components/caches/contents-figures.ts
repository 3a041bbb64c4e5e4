import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import type { Unit } from "@/lib/collector/types.ts";

type Figures = Omit<StatementContents, "name" | "topic">;

export interface ContentsFigure {
  id: keyof Figures;
  header: string;
  unit: Unit;
  help: string;
  /** Left out below 640 px (2) or 1,024 px (3). */
  priority: 1 | 2 | 3;
  /** Only where there is a second level. */
  shared?: true;
}

/** Columns of the table, in order. */
export const contentsFigures: readonly ContentsFigure[] = [
  {
    id: "entries",
    header: "Answers",
    unit: "count",
    help: "In the memory of all processes",
    priority: 2,
  },
  { id: "bytes", header: "Memory", unit: "bytes", help: "What they take there", priority: 1 },
  {
    id: "sharedEntries",
    header: "In Redis",
    unit: "count",
    help: "Answers in the second level",
    priority: 3,
    shared: true,
  },
  {
    id: "sharedBytes",
    header: "Redis memory",
    unit: "bytes",
    help: "What they take there, compressed",
    priority: 2,
    shared: true,
  },
  {
    id: "hits",
    header: "From memory",
    unit: "count",
    help: "Reads that a process answered by itself",
    priority: 1,
  },
  {
    id: "sharedHits",
    header: "From Redis",
    unit: "count",
    help: "Reads that the second level answered",
    priority: 3,
    shared: true,
  },
  { id: "misses", header: "Runs", unit: "count", help: "Reads that ran on the server", priority: 2 },
  { id: "costMs", header: "Mean run", unit: "ms", help: "How long a run takes, on average", priority: 3 },
  {
    id: "savedMs",
    header: "Saved, about",
    unit: "ms",
    help: "An estimate: answered × mean run",
    priority: 2,
  },
];

export interface ContentsTopic extends StatementContents {
  statements: StatementContents[];
}

export interface ContentsSort {
  id: ContentsFigure["id"] | "name";
  desc: boolean;
}

export const defaultContentsSort: ContentsSort = { id: "savedMs", desc: true };

/** "hits.desc" of the URL as a sort; the default when it names no column. */
export function parseContentsSort(text: string | null): ContentsSort {
  const [id, order] = text?.split(".") ?? [];
  const figure = contentsFigures.find((each) => each.id === id);
  if (!figure && id !== "name") return defaultContentsSort;
  return { id: figure?.id ?? "name", desc: order === "desc" };
}

/** Statements under their topics with sums, both in the order asked for; what is not known comes last. */
export function groupContents(
  statements: readonly StatementContents[],
  sort: ContentsSort = defaultContentsSort,
): ContentsTopic[] {
  const topics = new Map<string, StatementContents[]>();
  for (const row of statements) topics.set(row.topic, [...(topics.get(row.topic) ?? []), row]);
  return [...topics]
    .map(([topic, rows]) => ({ ...sumOf(topic, rows), statements: rows.toSorted(by(sort)) }))
    .toSorted(by(sort));
}

function by({ id, desc }: ContentsSort) {
  return (a: StatementContents, b: StatementContents) => {
    if (id === "name") return a.name.localeCompare(b.name) * (desc ? -1 : 1);
    const [left, right] = [a[id], b[id]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return (left - right) * (desc ? -1 : 1) || a.name.localeCompare(b.name);
  };
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
