import {
  type CheckContext,
  cannotJudge,
  defineCheck,
  type LimitsFor,
  type ObjectState,
  stateAt,
  worstOf,
} from "../check.ts";
import { sqlTokens } from "../sql-tokens.ts";
import { counted } from "../words.ts";
import { getStatementStatus } from "./get-status.ts";
import { getTopQueries, type TopQueries } from "./get-top-queries.ts";
import { queryThresholds } from "./thresholds.ts";
import type { TopQuery } from "./top-query.ts";

const dayMs = 86_400_000;
/** What a day of samples says changes once a minute, however many people look. */
const keptMs = 30_000;
/** Statements answered for, the slowest first. */
const maxStatements = 100;

/** Work that is slow by nature; a long one shows among the connections. */
const maintenance = new Set(
  "vacuum analyze reindex cluster create alter drop refresh copy explain checkpoint call do".split(" "),
);

/** Statements that are slow on average over the last 24 hours. */
export const slowStatements = defineCheck({
  id: "queries.slow",
  title: "Slow statements",
  unit: "ms",
  path: "queries",
  runbook:
    "Open the statement and look at its plan: a sequential scan over partitions that the time range should have excluded, a sort that spills, a missing index. Then at what it waits for while it runs. A statement that was fast last week has a new plan or more rows: compare its mean over time.",
  needs: "pg_stat_statements, pg_monitor, two samples of it, and 50 calls in 24 h.",
  thresholds: { ...queryThresholds.meanMs, direction: "rising" },
  tellSeveral: ([worst, ...others]) =>
    `${others.length + 1} statements take more than ${worst?.threshold?.warning ?? worst?.threshold?.critical} ms on average, the slowest ${Math.round(worst?.value ?? 0)} ms.`,
  async evaluate(context, limitsFor) {
    const { unavailable } = await getStatementStatus(context.audit);
    if (unavailable) return cannotJudge("Slow statements cannot be looked for.", unavailable);
    const { basis, queries } = await readDay(context);
    // Without a window there is no "in 24 h", only totals since some reset.
    if (basis !== "window") return cannotJudge("Slow statements cannot be looked for yet.", learning);
    const slowest = queries.filter(isJudged).slice(0, maxStatements);
    return worstOf(
      slowest.map((query) => judgeMean(query, limitsFor)),
      maxStatements,
    );
  },
});

const learning = {
  code: "insufficient_data",
  reason: "Means over 24 h need two samples of pg_stat_statements, a minute apart.",
} as const;

function readDay(context: CheckContext): Promise<TopQueries> {
  const range = { from: new Date(context.now.getTime() - dayMs), to: context.now };
  const input = { range, orderBy: "mean", order: "desc", limit: 500 } as const;
  const ask = async () => {
    const { data } = await getTopQueries(context, {
      ...input,
      hideOwn: true,
      group: "statement",
      sparks: false,
    });
    return data;
  };
  return context.once("queries.day", ask, keptMs);
}

function isJudged({ values, meanMs, text }: TopQuery): boolean {
  return (
    (values.calls ?? 0) >= queryThresholds.leastCalls &&
    meanMs !== null &&
    !maintenance.has(firstWord(text ?? ""))
  );
}

export function firstWord(text: string): string {
  for (const { kind, text: word } of sqlTokens(text))
    if (kind !== "space" && kind !== "comment") return word.toLowerCase();
  return "";
}

export function judgeMean(query: TopQuery, limitsFor: LimitsFor): ObjectState {
  const object = { kind: "statement", name: query.key } as const;
  const threshold = limitsFor(object);
  const meanMs = query.meanMs ?? 0;
  const state = stateAt(meanMs, threshold);
  const limit = state === "critical" ? threshold.critical : threshold.warning;
  const beyond = state === "ok" ? "" : `, more than ${limit} ms`;
  const text = query.text && query.text.length > 80 ? `${query.text.slice(0, 79)}…` : query.text;
  return {
    object,
    state,
    value: meanMs,
    threshold,
    since: null,
    words: {
      title: `A statement takes ${Math.round(meanMs)} ms on average${beyond}.`,
      detail: `${text ?? "Its text is not known"}: ${counted(Math.round(query.values.calls ?? 0), "call")} in 24 h${query.user ? ` by ${query.user}` : ""}. Look at its plan and what it waits for.`,
    },
    path: `queries/${encodeURIComponent(query.key)}`,
  };
}
