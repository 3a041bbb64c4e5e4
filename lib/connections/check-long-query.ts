import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt, worstOf } from "../check.ts";
import { durationInWords } from "../words.ts";
import { getLongQueries, longQueryFromSeconds, maxLongQueries } from "./get-long-queries.ts";
import { nameSession, sessionObject } from "./server-sessions.ts";
import { tellSessions } from "./tell-sessions.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { ServerSession } from "./types.ts";

/** Statements that run far longer than one should against an audit database. */
export const longQuery = defineCheck({
  id: "connections.long_query",
  source: "pg_stat_activity.query_start",
  why: "Interactive statements end within minutes; half an hour is a report or a forgotten session, an hour holds vacuum's horizon long enough to matter. The limit itself is the patience.",
  title: "Long query",
  unit: "seconds",
  path: "connections",
  runbook:
    "See whether somebody still waits for its answer, what it waits for, and its plan. SELECT pg_cancel_backend(pid) stops the statement and leaves the session; pg_terminate_backend(pid) ends both. While it runs, vacuum keeps every row it might still see. Dumps, restores, repacks and the console's own statements are left out.",
  needs: "pg_monitor, to see other roles' sessions.",
  thresholds: { ...connectionThresholds.longQuerySeconds, direction: "rising" },
  tellSeveral: (sessions) =>
    tellSessions(sessions, (count, over) => `${count} queries have run for over ${over}, `, "that of "),
  async evaluate({ audit }, limitsFor) {
    const { warning, critical } = limitsFor({ kind: "target" });
    const from = Math.min(...[longQueryFromSeconds, warning, critical].filter((limit) => limit !== null));
    const { data, unavailable } = await getLongQueries(audit, from);
    if (unavailable) return cannotJudge("Long queries are not checked.", unavailable);
    return worstOf(
      data.map((session) => judgeLongQuery(session, limitsFor)),
      maxLongQueries,
    );
  },
});

export function judgeLongQuery(session: ServerSession, limitsFor: LimitsFor): ObjectState {
  const object = sessionObject(session);
  const seconds = session.querySeconds ?? 0;
  const threshold = limitsFor(object);
  return {
    object,
    state: stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since: session.queryStartedAt,
    words: {
      title: `A query of ${nameSession(session)} has run for ${durationInWords(seconds)}.`,
      detail: `See whether somebody still waits for its answer, and its plan. It can be stopped with SELECT pg_cancel_backend(${session.pid}).`,
    },
  };
}
