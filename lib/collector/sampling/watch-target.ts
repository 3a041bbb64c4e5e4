import type { Sql } from "postgres";
import type { TargetStatus } from "../../audit-db/target-facts.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { pause } from "../../duties/pause.ts";
import type { Logger } from "../../log/log.ts";
import type { TargetEvent } from "../types.ts";
import { endOutage, openOutage, recordEvent } from "./record-event.ts";
import { isElsewhere, type LookedAt } from "./server-change.ts";

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
  /** When another server became the primary last, as far as this process saw it. */
  let flippedAt: Date | null = null;
  const looked: LookedAt = {};
  const look = (status: TargetStatus) => {
    turn = turn
      .then(() => note(sql, audit, targetId, status, () => flippedAt, looked))
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
    if (kind === "role_flip") flippedAt = at;
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
  flippedAt: () => Date | null,
  looked: LookedAt,
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
  await noteServer(sql, audit, await targetId(), flippedAt, looked);
}

/** Compares what the server says of itself with what it said last. */
async function noteServer(
  sql: Sql,
  audit: AuditDb,
  targetId: number,
  flippedAt: () => Date | null,
  looked: LookedAt,
): Promise<void> {
  const server = await audit.server();
  const [last] = await sql<
    {
      startedAt: Date | null;
      versionNum: number | null;
      version: string | null;
      flippedAt: Date | null;
    }[]
  >`
    select server_started_at as "startedAt", server_version_num as "versionNum", server_version as version,
           (select max(at) from history.target_event
            where target = ${audit.target} and kind = 'role_flip') as "flippedAt"
    from history.target where id = ${targetId}`;
  // A server that ran before it became the primary was not restarted: another one is looked at now.
  const flips = [last?.flippedAt, flippedAt()].map((at) => at?.getTime() ?? 0);
  const startedAt = server.startedAt.getTime();
  const followed = startedAt <= Math.max(...flips);
  const { host } = audit.seen();
  // So was one that ran already while we still saw the other: the address leads elsewhere.
  const elsewhere = isElsewhere({ ...looked, start: last?.startedAt?.getTime() }, { start: startedAt, host });
  const another = followed || elsewhere;
  const before = looked.host ?? null;
  Object.assign(looked, { host, at: Date.now() });
  // pg_postmaster_start_time is exact to the microsecond, a Date to the millisecond.
  const differs = last?.startedAt && last.startedAt.getTime() !== server.startedAt.getTime();
  const restarted = differs && !another;
  const upgraded = last?.versionNum && last.versionNum !== server.versionNum;
  if (differs && elsewhere && !followed) {
    await recordEvent(sql, audit.target, {
      at: new Date(),
      endedAt: new Date(),
      kind: "another_server",
      severity: "info",
      title: `The address leads to another server now${host ? `: ${host}` : ""}`,
      detail: { before, host: host ?? null, startedAt: server.startedAt },
    });
  }
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
  if (!last?.startedAt || differs || upgraded) {
    await sql`
      update history.target
      set server_started_at = ${server.startedAt}, server_version_num = ${server.versionNum},
          server_version = ${server.version}
      where id = ${targetId}`;
  }
}
