import type { Sql } from "postgres";
import { conditionOf, findOverlap, learnBounds, readBounds } from "../facts/find-bounds.ts";
import { conditionOfValues, findHolder, learnValues, readValues } from "../facts/find-values.ts";
import type { Cut, TableFacts } from "../facts/read-adoption.ts";
import type { PlanRequest } from "../request.ts";

type AttachRequest = Extract<PlanRequest, { verb: "attach" }>;

/** Where a table is to hang. */
export interface Place {
  /** As ATTACH takes them: `FROM ('…') TO ('…')`, `IN ('…')`. */
  bounds: string;
  /** What every row of it satisfies, as a CHECK has it. */
  within: string;
  /** What no row of it satisfies and every other does: what a default partition may hold beside it. */
  beyond: string;
  /** As a request has them. */
  asked: Pick<AttachRequest, "bounds" | "values">;
  /** A partition that is in its way, qualified and quoted. */
  taken: string | null;
}

/** The place that was asked for, or that its CHECKs say; null where neither does. @throws AppError BAD_INPUT */
export async function findPlace(
  look: Sql,
  request: AttachRequest,
  child: TableFacts,
  cut: Cut,
): Promise<Place | null> {
  const [column = ""] = cut.key;
  if (cut.strategy === "l") {
    const listed = request.values
      ? { values: await readValues(look, request.values, cut), said: null }
      : await learnValues(look, child, cut);
    if (!listed) return null;
    const { values } = listed;
    const typed = values.map((literal) => `${literal}::${cut.keyType}`);
    return {
      bounds: `IN (${values.join(", ")})`,
      within: conditionOfValues(listed, cut),
      beyond: `((${column} IS NULL) OR (${column} <> ALL (ARRAY[${typed.join(", ")}])))`,
      asked: { values: values.map(unquoted) },
      taken: await findHolder(look, values, cut),
    };
  }
  const bounds = request.bounds ? await readBounds(look, request.bounds, cut) : learnBounds(child, cut);
  if (!bounds) return null;
  const { from, to } = bounds;
  const ends = [
    ...(isOpen(from) ? [] : [`(${column} < ${from}::${cut.keyType})`]),
    ...(isOpen(to) ? [] : [`(${column} >= ${to}::${cut.keyType})`]),
  ];
  return {
    bounds: `FROM (${from}) TO (${to})`,
    within: conditionOf(bounds, cut),
    beyond: `(${[`(${column} IS NULL)`, ...ends].join(" OR ")})`,
    asked: { bounds: { from: unquoted(from), to: unquoted(to) } },
    taken: await findOverlap(look, bounds, cut),
  };
}

const isOpen = (end: string) => end === "MINVALUE" || end === "MAXVALUE";

/** As a request has bounds. */
const unquoted = (literal: string) => literal.replace(/^'(.*)'$/s, "$1").replaceAll("''", "'");
