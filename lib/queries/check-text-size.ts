import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { getStatementStatus } from "./get-status.ts";
import { queryThresholds } from "./thresholds.ts";

const dayMs = 86_400_000;
const series = ["statements.textBytes", "statements.longestTextBytes"] as const;

/** Statement texts so large that each look at them is felt: the server reads all of them every time. */
export const statementTextSize = defineCheck({
  id: "queries.text_size",
  source: "pg_stat_statements, weighed when texts are read",
  why: "Every reader of texts reads the whole file into memory: 16 MB are felt, files of hundreds of MB have taken servers down.",
  keepFiringFor: 900,
  title: "Size of statement texts",
  unit: "bytes",
  path: "queries",
  runbook:
    "pg_stat_statements keeps the texts of all databases of the server in one file, and reads all of it whenever anybody asks for a text, into the memory of that session. One statement with its values written into it (a bulk INSERT, a file as a literal) makes that megabytes. The console asks a server once, however many of its databases are targets, and only for texts it has not seen; other tools ask each time. Send large values as parameters or by COPY. To be rid of the texts: SELECT pg_stat_statements_reset(userid, dbid, queryid) for the long ones, as a superuser; the file shrinks at the next collection of garbage.",
  needs: "pg_stat_statements, pg_monitor, and a worker that has read texts in the last 24 h.",
  thresholds: { ...queryThresholds.textBytes, direction: "rising" },
  async evaluate({ audit, history, now }, limitsFor) {
    const { unavailable } = await getStatementStatus(audit);
    if (unavailable) return cannotJudge("The size of statement texts is not known.", unavailable);
    const range = { from: new Date(now.getTime() - dayMs), to: now };
    const { series: found } = await history.totals(audit.target, [...series], range);
    const [bytes, longest] = series.map(
      (name) => (found[name] ?? []).findLast(([, value]) => value !== null)?.[1] ?? null,
    );
    // Weighed whenever the worker reads the text of a statement it has not seen; what was found before stays.
    if (bytes === null || bytes === undefined) return { objects: [], complete: false };
    return { objects: [judgeTextSize(bytes, longest ?? 0, limitsFor({ kind: "target" }))], complete: true };
  },
});

export function judgeTextSize(bytes: number, longestBytes: number, threshold: Limits): ObjectState {
  return {
    object: { kind: "target" },
    state: stateAt(bytes, threshold),
    value: bytes,
    threshold,
    since: null,
    words: {
      title: `pg_stat_statements keeps ${inWords(bytes)} of statement texts, the longest ${inWords(longestBytes)}.`,
      detail:
        "The server reads all of them whenever anybody asks for one. Send large values as parameters or by COPY instead of writing them into the text; pg_stat_statements_reset(userid, dbid, queryid) forgets a long one.",
    },
  };
}

const mebibyte = 1_024 ** 2;
const inWords = (bytes: number) =>
  bytes >= mebibyte ? `${(bytes / mebibyte).toFixed(1)} MB` : `${Math.round(bytes / 1_024)} kB`;
