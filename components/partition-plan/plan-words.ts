import { formatNumber, formatSeconds } from "@/lib/client/format.ts";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import type { Plan, PlannedStep, StepLock } from "@/lib/partition-plan/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";

type Asked = Pick<PlanRequest, "verb"> & Record<string, unknown>;

/** The title of a plan before it is there: "Create partitions of audit_log". */
export function requestInWords(request: Asked): string {
  const about = (which: unknown) => {
    const { schema = "public", name = "?" } = (which ?? {}) as { schema?: string; name?: string };
    return nameRelation({ schema, name });
  };
  switch (request.verb) {
    case "create":
      return `Create partitions of ${about(request.table)}`;
    case "repair":
      return `Repair ${about(request.partition)}`;
    case "detach":
      return `Detach ${about(request.partition)}`;
    case "finalize":
      return `Finish detaching ${about(request.partition)}`;
    case "run-partman":
      return `Run pg_partman's maintenance of ${about(request.table)}`;
    case "leave-partman":
      return `Leave pg_partman with ${about(request.table)}`;
    case "attach":
      return `Attach ${about(request.partition)} to ${about(request.table)}`;
    default: {
      const relations = Array.isArray(request.relations) ? request.relations : [];
      const [only] = relations;
      const what = relations.length === 1 ? about(only) : `${formatNumber(relations.length)} relations`;
      return `${workWords[String(request.work)] ?? "Maintain"} ${what}`;
    }
  }
}

/** Work on relations as a button names it. */
const workWords: Record<string, string> = {
  vacuum: "Vacuum",
  freeze: "Freeze",
  analyze: "Analyze",
  reindex: "Reindex",
  "create index": "Create the missing index on",
  "drop leftovers": "Remove leftover indexes of",
};

/** Words of the button that carries it out. */
export const verbWords: Record<PlanRequest["verb"], string> = {
  create: "Create",
  repair: "Repair",
  detach: "Detach",
  finalize: "Finish detach",
  attach: "Attach",
  maintain: "Carry out",
  "run-partman": "Run maintenance",
  "leave-partman": "Leave pg_partman",
};

/** Who waits for a lock, as a sentence's end. */
export function waitsInWords({ stops }: StepLock): string {
  if (stops === "reads and writes") return "reads and writes wait";
  if (stops === "writes") return "writes wait";
  return "reads and writes go on";
}

/** "about 4 s"; what is not known is said. */
export function durationInWords(seconds: number | null): string {
  if (seconds === null) return "not known";
  return seconds < 1 ? "under 1 s" : `about ${formatSeconds(seconds)}`;
}

export interface Amounts {
  /** Null where at least one step's is not known; undefined where nothing is scanned or moved. */
  scanned: number | null | undefined;
  moved: number | null | undefined;
  /** The hardest lock any step takes, by who waits. */
  stops: StepLock["stops"] | null;
}

const hardness: StepLock["stops"][] = ["other changes of structure", "writes", "reads and writes"];

/** What a plan costs, all its steps together. */
export function sumAmounts({ steps }: Pick<Plan, "steps">): Amounts {
  const sum = (rows: (number | null)[]) =>
    rows.length === 0
      ? undefined
      : rows.reduce((all, each) => (all === null || each === null ? null : all + each), 0 as number | null);
  const stops = steps.flatMap(({ locks }) => locks.map((lock) => hardness.indexOf(lock.stops)));
  return {
    scanned: sum(steps.flatMap(({ scans }) => (scans ? [scans.rows] : []))),
    moved: sum(steps.flatMap(({ moves }) => (moves ? [moves.rows] : []))),
    stops: stops.length > 0 ? (hardness[Math.max(...stops)] ?? null) : null,
  };
}

export function rowsInWords(rows: number | null | undefined): string {
  if (rows === undefined) return "none";
  return rows === null ? "not known" : formatNumber(rows);
}

/** "reads 1,204 rows of t_default to check them · moves 40 rows to t_2027_01" */
export function stepAmounts({ scans, moves }: PlannedStep): string[] {
  const count = (rows: number | null) =>
    rows === null ? "an unknown number of rows" : `${formatNumber(rows)} ${rows === 1 ? "row" : "rows"}`;
  return [
    ...(scans ? [`Reads ${count(scans.rows)} of ${scans.relation}`] : []),
    ...(moves ? [`Moves ${count(moves.rows)} from ${moves.from} to ${moves.to}`] : []),
  ];
}

export const sqlOf = ({ steps }: Pick<Plan, "steps">): string =>
  steps
    .map(({ words, sql, alone }) => {
      const body = sql.map((each) => (/;\s*$/.test(each) ? each : `${each};`)).join("\n");
      return `-- ${words}\n${alone ? body : `BEGIN;\n${body}\nCOMMIT;`}`;
    })
    .join("\n\n");
