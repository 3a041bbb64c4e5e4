import type { AuditDb } from "../audit-db/types.ts";
import { counted, durationInWords, type Finding, type FindingSeverity, severityAt } from "../finding.ts";
import type { Unavailable } from "../result.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { lagBytesLimits, lagSecondsLimits } from "./thresholds.ts";
import type { Receiver, ReplicationStatus, Standby } from "./types.ts";

/** Standbys that are behind, a standby whose receiver is gone, and lag that may not be seen. */
export async function getReplicationFindings(audit: AuditDb): Promise<Finding[]> {
  const { data, unavailable } = await getReplicationStatus(audit);
  return judgeReplication(data, unavailable);
}

/** What deserves attention in a replication status. */
export function judgeReplication(data: ReplicationStatus, unavailable?: Unavailable): Finding[] {
  const findings: Finding[] = [];
  for (const standby of data.standbys) {
    const severity = lagSeverity(standby);
    if (severity)
      findings.push({
        check: "replication.lag",
        severity,
        title: `Standby ${standby.applicationName || standby.clientAddress || standby.pid} is ${lagText(standby)} behind.`,
        detail:
          "Reads from it are old and a failover to it would lose what it has not received. Look at its disk and network, and for a long query on it that holds replay back.",
        path: "overview",
      });
  }
  if (data.receiver) findings.push(...receiverFindings(data.receiver));
  if (unavailable)
    findings.push({
      check: "replication.lag",
      severity: "notice",
      title: `${counted(data.standbys.length, "standby", "standbys")} connected, but the lag may not be seen.`,
      detail: unavailable.reason,
      path: "settings/targets",
      unavailable,
    });
  return findings;
}

function receiverFindings(receiver: Receiver): Finding[] {
  if (!receiver.connected)
    return [
      {
        check: "replication.receiver",
        severity: "critical",
        title: "This standby receives nothing from its primary.",
        detail: `No WAL receiver runs, so it falls behind from now on${receiver.lagSeconds === null ? "" : `; its newest transaction is ${durationInWords(receiver.lagSeconds)} old`}. Check primary_conninfo and that the primary is up (a standby fed from an archive only has no receiver and is always shown so).`,
        ...(receiver.lastReplayedAt && { since: receiver.lastReplayedAt }),
        path: "overview",
      },
    ];
  const severity = lagSeverity(receiver);
  if (!severity) return [];
  return [
    {
      check: "replication.lag",
      severity,
      title: `This standby is ${lagText(receiver)} behind its primary.`,
      detail:
        "What is shown here is that old. Look for a query that holds replay back, and at disk and network.",
      path: "overview",
    },
  ];
}

function lagSeverity(lag: Pick<Standby, "lagBytes" | "lagSeconds">): FindingSeverity | null {
  const severities = [
    lag.lagBytes === null ? null : severityAt(lag.lagBytes, lagBytesLimits),
    lag.lagSeconds === null ? null : severityAt(lag.lagSeconds, lagSecondsLimits),
  ];
  return severities.includes("critical") ? "critical" : severities.includes("warning") ? "warning" : null;
}

function lagText({ lagBytes, lagSeconds }: Pick<Standby, "lagBytes" | "lagSeconds">): string {
  const parts = [
    lagBytes === null ? null : `${(lagBytes / 1e6).toFixed(lagBytes < 1e7 ? 1 : 0)} MB`,
    lagSeconds === null ? null : durationInWords(lagSeconds),
  ];
  return parts.filter((part) => part !== null).join(" and ");
}
