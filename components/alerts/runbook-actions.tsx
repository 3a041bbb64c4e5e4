"use client";

import { SessionActions } from "@/components/connections/session-actions.tsx";
import { MendLink } from "@/components/partition-plan/mend-link.tsx";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import type { CheckObject } from "@/lib/check.ts";
import { useRead } from "@/lib/client/use-read.ts";

type SessionObject = Extract<CheckObject, { kind: "session" }>;

/** More of them are ended on the Connections page. */
const mostSessions = 3;

/** The verbs that mend it, where the console has one; nothing otherwise. */
export function RunbookActions({ incident }: { incident: IncidentPage }) {
  if (incident.state === "closed") return null;
  const sessions = incident.alerts.flatMap(({ condition, object }) =>
    condition === "firing" && object.kind === "session" ? [object] : [],
  );
  if (incident.mends === null && sessions.length === 0) return null;
  return (
    <div className="grid gap-2">
      {incident.mends && (
        <div className="flex flex-wrap gap-2">
          <MendLink mends={incident.mends} variant="primary" />
        </div>
      )}
      {sessions.slice(0, mostSessions).map((session) => (
        <SessionRow key={`${session.pid} ${session.backendStart.getTime()}`} session={session} />
      ))}
    </div>
  );
}

/** One session of the incident, with what ends it. */
function SessionRow({ session: { pid, backendStart, name } }: { session: SessionObject }) {
  const read = useRead("session", { pid, backendStart });
  return (
    <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
      <p className="text-sm">{name}</p>
      {read.data ? (
        <SessionActions session={read.data} />
      ) : (
        <p className="text-sm text-muted">{read.data === null ? "It has ended." : ""}</p>
      )}
    </div>
  );
}
