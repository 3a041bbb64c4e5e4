import type { Sql } from "postgres";
import type { AuditDb, TargetStatus } from "../audit-db/types.ts";
import type { Logger } from "../log.ts";
import { pause } from "./pause.ts";
import { endOutage, openOutage, recordEvent } from "./record-event.ts";
import type { TargetEvent } from "./types.ts";

const everyMs = 5_000;
const maxUntold = 100;

/**
 * Records outages of a target while they last, and restarts and upgrades it comes back from, and what happens
 * between its nodes (fail-over, two primaries, drained replicas), until the signal aborts. An outage that another leader opened is ended by whoever sees the target up.
 */
export async function watchTarget(
  sql: Sql,
  audit: AuditDb,
  targetId: () => Promise<number>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let turn = Promise.resolve();
  const look = (status: TargetStatus) => {
    turn = turn
      .then(() => note(sql, audit, targetId, status))
      .catch((err: unknown) => logger.debug({ err, target: audit.target }, "an event could not be recorded"));
    return turn;
  };
  const removeListener = audit.onStatus((status) => void look(status));
  // A fail-over may take the console database along for a moment; what it refused is told again.
  const untold: TargetEvent[] = [];
  const tell = () => {
    turn = turn
      .then(async () => {
        for (let event = untold[0]; event; event = untold[0]) {
          await recordEvent(sql, audit.target, event);
          untold.shift();
        }
      })
      .catch((err: unknown) => logger.debug({ err, target: audit.target }, "an event could not be recorded"));
    return turn;
  };
  const removeNodes = audit.onNodes(({ at, kind, severity, title, node, detail }) => {
    if (untold.length >= maxUntold) untold.shift();
    untold.push({ at, endedAt: at, kind, severity, title, detail: { node, ...detail } });
    void tell();
  });
  try {
    while (!signal.aborted) {
      await look(audit.status());
      await tell();
      await pause(everyMs, signal);
    }
  } finally {
    removeListener();
    removeNodes();
    await turn;
  }
}

async function note(
  sql: Sql,
  audit: AuditDb,
  targetId: () => Promise<number>,
  status: TargetStatus,
): Promise<void> {
  if (status.state === "connecting") return;
  if (status.state === "down") {
    await openOutage(sql, audit.target, {
      since: status.since,
      reason: status.reason ?? "it does not answer",
      cause: status.cause,
    });
    return;
  }
  await endOutage(sql, audit.target, status.since);
  await noteServer(sql, audit, await targetId());
}

/** Compares what the server says of itself with what it said last. */
async function noteServer(sql: Sql, audit: AuditDb, targetId: number): Promise<void> {
  const server = await audit.server();
  const [last] = await sql<{ startedAt: Date | null; versionNum: number | null; version: string | null }[]>`
    select server_started_at as "startedAt", server_version_num as "versionNum", server_version as version
    from history.target where id = ${targetId}`;
  // pg_postmaster_start_time is exact to the microsecond, a Date to the millisecond.
  const restarted = last?.startedAt && last.startedAt.getTime() !== server.startedAt.getTime();
  const upgraded = last?.versionNum && last.versionNum !== server.versionNum;
  if (restarted) {
    await recordEvent(sql, audit.target, {
      at: server.startedAt,
      endedAt: server.startedAt,
      kind: "restart",
      severity: "warning",
      title: "The server was restarted",
      detail: { ranSince: last.startedAt, startedAt: server.startedAt },
    });
  }
  if (upgraded) {
    await recordEvent(sql, audit.target, {
      at: server.startedAt,
      endedAt: server.startedAt,
      kind: "version",
      severity: "info",
      title: `PostgreSQL went from ${last.version} to ${server.version}`,
      detail: { before: last.version, after: server.version },
    });
  }
  if (!last?.startedAt || restarted || upgraded) {
    await sql`
      update history.target
      set server_started_at = ${server.startedAt}, server_version_num = ${server.versionNum},
          server_version = ${server.version}
      where id = ${targetId}`;
  }
}
