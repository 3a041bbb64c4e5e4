import { durationInWords, type Finding, type FindingSeverity, severityAt } from "../finding.ts";
import { lagBytesLimits, lagSecondsLimits } from "./thresholds.ts";
import type { ReplicationServer } from "./types.ts";

type Judged = Pick<Finding, "check" | "severity" | "title" | "detail" | "since">;

/** At most one finding a server, the gravest: out of place, gone, cut off, behind, without reads. */
export function judgeServers(servers: readonly ReplicationServer[]): Finding[] {
  return servers.flatMap((server) => {
    const found = judgePlace(server) ?? judgeReceiver(server) ?? judgeLag(server) ?? judgeDrained(server);
    return found ? [{ ...found, path: "replication" }] : [];
  });
}

function judgePlace({ key, node, role }: ReplicationServer): Judged | null {
  if (!node) return null;
  const { state, since, reason } = node;
  if (state === "stale")
    return {
      check: "replication.split_brain",
      severity: "critical",
      title: `${key} is read-write but is not the primary.`,
      detail: `Nothing is written there by this console: ${reason}. What others write to it exists nowhere else. Stop it, keep its data for comparison, and make it a standby again (pg_rewind or a new copy).`,
      since,
    };
  if (state === "foreign")
    return {
      check: "replication.foreign",
      severity: "critical",
      title: `${key} belongs to another cluster and is not used.`,
      detail: "Its system identifier differs from the primary's. Correct AUDIT_REPLICA_URLS.",
      since,
    };
  if (state === "down" && role !== "primary")
    return {
      check: "replication.down",
      severity: "critical",
      title: `Replica ${key} is down: ${reason ?? "it does not answer"}.`,
      detail:
        "Reads go to the other servers, and there is one copy less to fail over to. Start it, or take it out of AUDIT_REPLICA_URLS.",
      since,
    };
  return null;
}

function judgeReceiver({ key, node, receiver, role }: ReplicationServer): Judged | null {
  if (role !== "standby" || !receiver || receiver.connected) return null;
  const { lagSeconds, lastReplayedAt } = receiver;
  return {
    check: "replication.receiver",
    severity: "critical",
    title: `Standby ${node?.name ?? key} receives nothing from its primary.`,
    detail: `No WAL receiver runs, so it falls behind from now on${lagSeconds === null ? "" : `; its newest transaction is ${durationInWords(lagSeconds)} old`}. Check primary_conninfo and that the primary is up (a standby fed from an archive only has no receiver and is always shown so).`,
    ...(lastReplayedAt && { since: lastReplayedAt }),
  };
}

function judgeLag(server: ReplicationServer): Judged | null {
  const severity = lagSeverity(server);
  if (server.role !== "standby" || !severity) return null;
  return {
    check: "replication.lag",
    severity,
    title: `Standby ${server.name} is ${lagText(server)} behind.`,
    detail:
      "Reads from it are old, and a fail-over to it would lose what it has not received. Look at its disk and network, and for a long query on it that holds replay back.",
  };
}

function judgeDrained({ key, node, role }: ReplicationServer): Judged | null {
  if (node?.state !== "drained" || role !== "standby") return null;
  return {
    check: "replication.drained",
    severity: "warning",
    title: `No reads are sent to replica ${key}: ${node.reason ?? "it is not fit"}.`,
    detail: "The other servers answer meanwhile; it gets reads again by itself once it keeps up.",
    since: node.since,
  };
}

type Lag = Pick<ReplicationServer, "lagBytes" | "lagSeconds">;

function lagSeverity({ lagBytes, lagSeconds }: Lag): FindingSeverity | null {
  const severities = [
    lagBytes === null ? null : severityAt(lagBytes, lagBytesLimits),
    lagSeconds === null ? null : severityAt(lagSeconds, lagSecondsLimits),
  ];
  return severities.includes("critical") ? "critical" : severities.includes("warning") ? "warning" : null;
}

function lagText({ lagBytes, lagSeconds }: Lag): string {
  const parts = [
    lagBytes === null ? null : `${(lagBytes / 1e6).toFixed(lagBytes < 1e7 ? 1 : 0)} MB`,
    lagSeconds === null ? null : durationInWords(lagSeconds),
  ];
  return parts.filter((part) => part !== null).join(" and ");
}
