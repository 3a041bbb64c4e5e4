import { explainMissing } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Point, SampledWindow, TimeRange } from "../collector/types.ts";
import { AppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import type { MissingPart, Observed } from "../result.ts";
import { sqlStateOf } from "../sql-state.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getStatements } from "./get-statements.ts";
import { getStatementStatus } from "./get-status.ts";
import { groupByShape } from "./group-by-shape.ts";
import { asStatementLabel, type StatementLabel } from "./statement-label.ts";
import { oneLine } from "./statement-text.ts";
import { addUp, judge, orderMetric, type QueryFigures, type QueryOrder, type TopQuery } from "./top-query.ts";

export interface TopQueriesInput {
  range: TimeRange;
  orderBy: QueryOrder;
  order: "asc" | "desc";
  limit: number;
  hideOwn: boolean;
  search?: string;
  group: "statement" | "shape";
  /** Left out, rows carry no spark: what only counts need not read them. */
  sparks?: boolean;
}

export interface TopQueries {
  queries: TopQuery[];
  /** How many matched, before `limit`. */
  total: number;
  /** Everything that was counted in the window. */
  totals: QueryFigures;
  /** `window` = growth over the range; `cumulative` = since `countsSince`, until two samples exist. */
  basis: "window" | "cumulative";
  collectingSince: Date | null;
  /** The samples that the figures lie between, and what share between them is missing; null without a window. */
  sampled: SampledWindow | null;
}

interface Counted {
  key: string;
  values: QueryFigures;
  previous: QueryFigures | null;
  spark: Point[];
}

const windowObjects = 500;
const cumulativeObjects = 300;
/** Two samples a minute apart, and the time to store them. */
const twoSamplesMs = 150_000;

/**
 * The statements that cost most over a window, from what the collector recorded; before it has two samples, the
 * server's cumulative figures, labelled `cumulative`. Source: pg_stat_statements.
 */
export async function getTopQueries(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  input: TopQueriesInput,
): Promise<Observed<TopQueries>> {
  const { audit, history } = context;
  const metric = orderMetric[input.orderBy];
  const window = await history.topObjects(audit.target, "statements", input.range, {
    orderBy: metric,
    limit: windowObjects,
    ...(input.sparks !== false && { spark: metric }),
  });
  const { collectingSince, sampled } = window;
  const status = await statusOrOutage(audit, window.objects.length > 0);
  const base = { observedAt: window.observedAt ?? status.observedAt, source: "pg_stat_statements" };
  const stale = status.stale && { stale: status.stale };
  if (status.unavailable) {
    const data: TopQueries = {
      queries: [],
      total: 0,
      totals: {},
      basis: "window",
      collectingSince,
      sampled: null,
    };
    return { ...base, data, ...stale, unavailable: status.unavailable };
  }
  const begun = collectingSince && context.now.getTime() - collectingSince.getTime() > twoSamplesMs;
  if (window.objects.length > 0 || begun) {
    const counted = window.objects;
    const { labels, missing } = await labelsOf(context, counted);
    const data = await select(counted, labels, input, {
      basis: "window",
      totals: window.totals,
      collectingSince,
      sampled,
    });
    return {
      ...{ ...base, data, ...stale, countsSince: collectingSince },
      ...(missing.length > 0 && { missing }),
    };
  }
  const live = await getStatements(audit);
  const entries = (live.data?.entries ?? []).map(({ key, values }) => ({
    key,
    values,
    previous: null,
    spark: [],
  }));
  const best = entries.toSorted((a, b) => b.values[metric] - a.values[metric]).slice(0, cumulativeObjects);
  const { labels, missing } = await labelsOf(context, best);
  const totals = addUp(entries.map(({ values }) => values));
  const data = await select(best, labels, input, {
    basis: "cumulative",
    totals,
    collectingSince,
    sampled: null,
  });
  return {
    ...base,
    data,
    observedAt: live.observedAt,
    ...(live.stale && { stale: live.stale }),
    countsSince: live.data?.countsSince ?? null,
    ...(missing.length > 0 && { missing }),
  };
}

/** What was recorded stays worth showing while the target is down: then the outage is told as `stale`. */
async function statusOrOutage(
  audit: AuditDb,
  recorded: boolean,
): Promise<Pick<Observed<unknown>, "observedAt" | "stale" | "unavailable">> {
  try {
    return await getStatementStatus(audit);
  } catch (thrown) {
    if (!recorded || !(thrown instanceof AppError) || !thrown.retryable) throw thrown;
    const since = thrown.since ?? new Date();
    return { observedAt: since, stale: { since, reason: thrown.message } };
  }
}

/** Labels the history keeps, and the server's for those it has not been told yet. */
async function labelsOf(
  { audit, history }: Pick<ReadContext, "audit" | "history">,
  counted: readonly Counted[],
): Promise<{ labels: Map<string, StatementLabel>; missing: MissingPart[] }> {
  const keys = counted.map(({ key }) => key).filter((key) => key.includes("/"));
  const kept = await history.labels(audit.target, "statements", keys);
  const labels = new Map<string, StatementLabel>();
  for (const key of keys) {
    const label = asStatementLabel(kept[key]?.label);
    if (label) labels.set(key, label);
  }
  const unknown = keys.filter((key) => !labels.has(key));
  try {
    const told = await getStatementLabels(audit, unknown);
    for (const [key, label] of Object.entries(told.labels)) labels.set(key, label);
    return { labels, missing: told.missing ? [told.missing] : [] };
  } catch (thrown) {
    // While the target is down the figures are still worth showing; the texts come later.
    return { labels, missing: sqlStateOf(thrown) ? [explainMissing("Statement texts", thrown)] : [] };
  }
}

async function select(
  counted: readonly Counted[],
  labels: ReadonlyMap<string, StatementLabel>,
  input: TopQueriesInput,
  about: Pick<TopQueries, "basis" | "totals" | "collectingSince" | "sampled">,
): Promise<TopQueries> {
  const { totals } = about;
  const rows = counted
    .filter(({ key }) => key.includes("/"))
    .map((object) => toRow(object, labels.get(object.key), input.orderBy, totals));
  const wanted = input.search?.trim().toLowerCase();
  const grouped = input.group === "shape" ? await groupByShape(rows, labels, input.orderBy, totals) : rows;
  const found = grouped.filter(
    (row) =>
      !(input.hideOwn && row.own) &&
      (!wanted || [row.text, row.user, row.database].some((text) => text?.toLowerCase().includes(wanted))),
  );
  const sign = input.order === "asc" ? 1 : -1;
  const sorted = found.toSorted((a, b) => sign * ((a.figure ?? -1) - (b.figure ?? -1)));
  return { queries: sorted.slice(0, input.limit), total: found.length, ...about };
}

function toRow(
  { key, values, previous, spark }: Counted,
  label: StatementLabel | undefined,
  orderBy: QueryOrder,
  totals: QueryFigures,
): TopQuery {
  return {
    key,
    statements: 1,
    text: label ? oneLine(label.query) : null,
    user: label?.user ?? null,
    database: label?.database ?? null,
    own: label?.own ?? false,
    values,
    ...judge(values, previous, orderBy, totals),
    spark,
  };
}
