import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import { counted, durationInWords, type Finding, severityAt } from "../finding.ts";
import type { Unavailable } from "../result.ts";
import { getBlockers } from "./get-blockers.ts";
import { getIdleInTransaction } from "./get-idle-in-transaction.ts";
import { getLongQueries } from "./get-long-queries.ts";
import { getServerConnections } from "./get-server-connections.ts";
import { nameSession } from "./server-sessions.ts";
import { type ConnectionThresholds, connectionThresholds } from "./thresholds.ts";
import type { BlockerNode, ConnectionLimits, ServerSession } from "./types.ts";

const path = "connections";

/**
 * What the checks on connections find now, in no order; a check that may not look says so.
 * @throws AppError UNAVAILABLE while the audit database is down: last known figures are no findings.
 */
export async function getConnectionFindings(
  audit: AuditDb,
  thresholds: ConnectionThresholds = connectionThresholds,
): Promise<Finding[]> {
  const [server, idle, long, blockers] = await Promise.all([
    getServerConnections(audit, { hideOwn: true }),
    getIdleInTransaction(audit, { hideOwn: true, limit: 50 }),
    getLongQueries(audit, thresholds.longQuerySeconds.warning),
    getBlockers(audit),
  ]);
  const stale = [server, idle, long, blockers].find((answer) => answer.stale)?.stale;
  if (stale) {
    throw new AppError("UNAVAILABLE", `The audit database cannot be asked: ${stale.reason}.`, {
      since: stale.since,
    });
  }
  return [
    ...judgeLimits(server.data.limits, thresholds),
    ...(idle.unavailable
      ? [blind("connections.idleInTransaction", "Idle transactions are not checked.", idle.unavailable)]
      : judgeIdle(idle.data, thresholds)),
    ...(long.unavailable
      ? [blind("connections.longQuery", "Long queries are not checked.", long.unavailable)]
      : judgeLongQueries(long.data, thresholds)),
    ...blockers.data.roots.flatMap((root) => judgeBlocker(root, thresholds, blockers.observedAt)),
  ];
}

/** How near the server is to refusing connections. */
export function judgeLimits(limits: ConnectionLimits, thresholds = connectionThresholds): Finding[] {
  const severity = severityAt(limits.usedShare, thresholds.used);
  if (!severity) return [];
  const percent = Math.round(limits.usedShare * 100);
  return [
    {
      check: "connections.used",
      severity,
      title: `${limits.used} of ${limits.usable} usable connections are taken (${percent} %).`,
      detail:
        `max_connections is ${limits.maxConnections}, less ${limits.maxConnections - limits.usable} reserved. ` +
        "When the last one is taken, new connections are refused. See which application holds most, and put a pooler in front or make its pool smaller.",
      path,
    },
  ];
}

/** Transactions left open while nothing runs: they hold locks and keep vacuum from cleaning up. */
export function judgeIdle(sessions: readonly ServerSession[], thresholds = connectionThresholds): Finding[] {
  const late = sessions.filter((s) => (s.stateSeconds ?? 0) >= thresholds.idleInTransactionSeconds.warning);
  const [worst] = late.toSorted((a, b) => (b.stateSeconds ?? 0) - (a.stateSeconds ?? 0));
  const severity = worst && severityAt(worst.stateSeconds ?? 0, thresholds.idleInTransactionSeconds);
  if (!worst || !severity) return [];
  const forHowLong = durationInWords(worst.stateSeconds ?? 0);
  const limit = durationInWords(thresholds.idleInTransactionSeconds.warning);
  return [
    {
      check: "connections.idleInTransaction",
      severity,
      title:
        late.length === 1
          ? `The session ${nameSession(worst)} has been idle in a transaction for ${forHowLong}.`
          : `${late.length} sessions have been idle in a transaction for over ${limit}, ${nameSession(worst)} longest, for ${forHowLong}.`,
      detail:
        "An open transaction keeps its locks and keeps vacuum from removing rows. Find out what the application waits for between BEGIN and COMMIT; idle_in_transaction_session_timeout ends such sessions by itself.",
      ...(worst.stateChangedAt && { since: worst.stateChangedAt }),
      path,
    },
  ];
}

/** Statements that run far longer than one should against an audit database. */
export function judgeLongQueries(
  sessions: readonly ServerSession[],
  thresholds = connectionThresholds,
): Finding[] {
  const late = sessions.filter((s) => (s.querySeconds ?? 0) >= thresholds.longQuerySeconds.warning);
  const [worst] = late.toSorted((a, b) => (b.querySeconds ?? 0) - (a.querySeconds ?? 0));
  const severity = worst && severityAt(worst.querySeconds ?? 0, thresholds.longQuerySeconds);
  if (!worst || !severity) return [];
  const forHowLong = durationInWords(worst.querySeconds ?? 0);
  const limit = durationInWords(thresholds.longQuerySeconds.warning);
  return [
    {
      check: "connections.longQuery",
      severity,
      title:
        late.length === 1
          ? `A query of ${nameSession(worst)} has run for ${forHowLong}.`
          : `${late.length} queries have run for over ${limit}, that of ${nameSession(worst)} longest, for ${forHowLong}.`,
      detail: `See whether somebody still waits for its answer, and its plan. It can be stopped with SELECT pg_cancel_backend(${worst.pid}).`,
      ...(worst.queryStartedAt && { since: worst.queryStartedAt }),
      path,
    },
  ];
}

/** A session that others wait for, without waiting itself. */
export function judgeBlocker(root: BlockerNode, thresholds: ConnectionThresholds, now: Date): Finding[] {
  const longest = root.longestWaitSeconds ?? 0;
  const { count, waitSeconds } = thresholds.blockedSessions;
  const crowd = root.blockedCount >= count && longest >= waitSeconds;
  const severity = severityAt(longest, thresholds.blockerWaitSeconds) ?? (crowd ? "warning" : null);
  if (!severity) return [];
  const who =
    root.pid === 0
      ? "a prepared transaction"
      : nameSession(root.session ?? { pid: root.pid, application: null, user: null });
  const relations = [...new Set(root.holds.flatMap((lock) => lock.relation ?? []))];
  const where = relations.length > 0 ? ` on ${relations.slice(0, 3).join(", ")}` : "";
  const verb = root.blockedCount === 1 ? "has" : "have";
  const waited = `waited ${root.blockedCount === 1 ? "" : "up to "}${durationInWords(longest)}`;
  return [
    {
      check: "connections.blockers",
      severity,
      title: `${counted(root.blockedCount, "connection")} ${verb} ${waited} for a lock${where} held by ${who}.`,
      detail:
        root.pid === 0
          ? "A prepared transaction holds its locks until somebody commits or rolls it back: see pg_prepared_xacts."
          : `See what it does; when nobody needs it, SELECT pg_terminate_backend(${root.pid}) frees the others.`,
      since: new Date(now.getTime() - longest * 1_000),
      path,
    },
  ];
}

function blind(check: string, title: string, unavailable: Unavailable): Finding {
  return { check, severity: "notice", title, detail: unavailable.reason, path, unavailable };
}
