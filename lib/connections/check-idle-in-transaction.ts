import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt, worstOf } from "../check.ts";
import { durationInWords } from "../words.ts";
import { getIdleInTransaction } from "./get-idle-in-transaction.ts";
import { nameSession, sessionObject } from "./server-sessions.ts";
import { tellSessions } from "./tell-sessions.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { ServerSession } from "./types.ts";

const limit = 50;

/** Transactions left open while nothing runs: they hold locks and keep vacuum from cleaning up. */
export const idleInTransaction = defineCheck({
  id: "connections.idle_in_transaction",
  source: "pg_stat_activity.state_change",
  why: "Work between BEGIN and COMMIT takes seconds; after 5 min a person or a crash is behind it, after 15 min vacuum of busy tables suffers. The limit itself is the patience, so it counts at once.",
  title: "Idle in transaction",
  unit: "seconds",
  path: "connections",
  runbook:
    "An open transaction keeps its locks and keeps vacuum from removing rows in every table. Find out what the application waits for between BEGIN and COMMIT: a call to another service, a person, a crash that nobody noticed. SELECT pg_terminate_backend(pid) ends the session and rolls its work back. idle_in_transaction_session_timeout ends such sessions by itself.",
  needs: "pg_monitor, to see other roles' sessions.",
  thresholds: { ...connectionThresholds.idleInTransactionSeconds, direction: "rising" },
  tellSeveral: (sessions) =>
    tellSessions(
      sessions,
      (count, over) => `${count} sessions have been idle in a transaction for over ${over}, `,
    ),
  async evaluate({ audit }, limitsFor) {
    const { data, unavailable } = await getIdleInTransaction(audit, { hideOwn: true, limit });
    if (unavailable) return cannotJudge("Idle transactions are not checked.", unavailable);
    return worstOf(
      data.map((session) => judgeIdle(session, limitsFor)),
      limit,
    );
  },
});

export function judgeIdle(session: ServerSession, limitsFor: LimitsFor): ObjectState {
  const object = sessionObject(session);
  const seconds = session.stateSeconds ?? 0;
  const threshold = limitsFor(object);
  return {
    object,
    state: stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since: session.stateChangedAt,
    words: {
      title: `The session ${nameSession(session)} has been idle in a transaction for ${durationInWords(seconds)}.`,
      detail:
        "An open transaction keeps its locks and keeps vacuum from removing rows. Find out what the application waits for between BEGIN and COMMIT; idle_in_transaction_session_timeout ends such sessions by itself.",
    },
  };
}
