import type { SeriesHistory, TimeRange } from "../collector/types.ts";
import { AppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { formatStatement } from "./format-statement.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getStatementEntries, type StatementEntry } from "./get-statement-entries.ts";
import { statementMetrics } from "./statement-columns.ts";
import { formatStatementKey, parseStatementKey } from "./statement-key.ts";
import { asStatementLabel } from "./statement-label.ts";
import { statementShape } from "./statement-shape.ts";

export interface QueryDetail {
  key: string;
  queryId: string;
  /** As recorded, literals replaced by $1, $2, … and secrets by …; null when neither server nor history has it. */
  text: string | null;
  formatted: string | null;
  shape: string | null;
  user: string | null;
  database: string | null;
  own: boolean;
  toplevel: boolean;
  /** Every role and database the same queryid ran under, as the server has it now, the costliest first. */
  entries: StatementEntry[];
  /** Every counter of this entry as the server has it now, under the view's own column names. */
  counters: Record<string, number | boolean | string | null> | null;
  firstSeen: Date | null;
  lastSeen: Date | null;
  /** Rates per second of each recorded metric over the range. */
  history: SeriesHistory;
}

/**
 * One statement: text, present counters, history.
 * @throws AppError NOT_FOUND when neither the server nor the history knows the key.
 */
export async function getQueryDetail(
  { audit, history }: Pick<ReadContext, "audit" | "history">,
  input: { key: string; range: TimeRange },
): Promise<Observed<QueryDetail>> {
  const { key, range } = input;
  const parsed = parseStatementKey(key);
  const kept = (await history.labels(audit.target, "statements", [key]))[key];
  const observed = await getStatementEntries(audit, parsed.queryId).catch((thrown: unknown) => {
    if (kept && thrown instanceof AppError && thrown.code === "UNAVAILABLE") return null;
    throw thrown;
  });
  const entries = observed?.data ?? [];
  const entry = entries.find((candidate) => formatStatementKey(candidate) === key);
  if (!entry && !kept) throw new AppError("NOT_FOUND", "No statement with this key was seen on this target.");
  const known = asStatementLabel(kept?.label);
  const told = !known && entry ? await getStatementLabels(audit, [key]) : null;
  const label = known ?? told?.labels[key] ?? null;
  const metrics = statementMetrics.map(({ name }) => name);
  const overTime = await history.object(audit.target, "statements", key, metrics, range);
  return {
    observedAt: observed?.observedAt ?? kept?.lastSeen ?? new Date(0),
    source: "pg_stat_statements",
    ...(observed?.stale && { stale: observed.stale }),
    countsSince: entry?.countsSince ?? null,
    ...(told?.missing && { missing: [told.missing] }),
    data: {
      key,
      queryId: parsed.queryId,
      text: label?.query ?? null,
      formatted: label ? await formatStatement(label.query) : null,
      shape: label ? statementShape(label.query) : null,
      user: label?.user ?? entry?.user ?? null,
      database: label?.database ?? entry?.database ?? null,
      own: label?.own ?? false,
      toplevel: parsed.toplevel,
      entries,
      counters: entry?.counters ?? null,
      firstSeen: earlier(kept?.firstSeen, entry?.countsSince),
      lastSeen: entry ? (observed?.observedAt ?? null) : (kept?.lastSeen ?? null),
      history: overTime,
    },
  };
}

function earlier(a: Date | null | undefined, b: Date | null | undefined): Date | null {
  if (!a || !b) return a ?? b ?? null;
  return a < b ? a : b;
}
