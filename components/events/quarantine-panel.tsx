"use client";

import { RotateCcw } from "lucide-react";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useJobAction } from "@/lib/client/use-job-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { ReplayCounts } from "@/lib/events/replay-quarantine-job.ts";

/** Why an event waits, and what lets it go on. */
const reasons = {
  no_partition: ["No partition", "Make a partition for its time, then move it on."],
  unknown_policy: ["Unknown policy", "Add the retention policy with a branch, then move it on."],
  too_far_ahead: ["Too far ahead", "Its time lies in the future; it can be moved on when that has come."],
  fenced: ["Fenced range", "Its range is being archived; it can be moved on when the fence is gone."],
} as const;

/** Events that audit_log cannot take yet: nothing is lost, and nothing is silently dropped. */
export function QuarantinePanel() {
  const target = useTarget();
  const { person } = useConsole();
  const read = useRead("quarantine", {});
  const replay = useJobAction<ReplayCounts>("replayQuarantined", {
    done: ({ stored, waiting, conflict }) =>
      `${stored} moved into the log, ${waiting} still wait${conflict ? `, ${conflict} in conflict` : ""}`,
  });
  const mayReplay = roleReaches(person.role, "operator") && read.data?.canReplay === true;
  return (
    <Panel
      id="quarantine"
      title="Waiting in quarantine"
      unit="events"
      read={read}
      height={420}
      flush
      info={{
        what: "Events that fit no partition, name an unknown policy, lie too far ahead or in a fenced range. They are kept as they came, people encrypted, and moved into the log byte for byte once the cause is gone.",
        sql: "select reason, count(*) from audit_quarantine where resolved_at is null group by reason",
      }}
      actions={
        mayReplay &&
        read.data &&
        read.data.events.length > 0 && (
          <Button
            size="sm"
            icon={<RotateCcw />}
            pending={replay.pending}
            onClick={() => void replay.run({ target })}
          >
            Try again now
          </Button>
        )
      }
      empty={({ events }) => events.length === 0 && "Nothing waits: every event is in the log"}
      table={({ events }) => ({
        columns: [
          { label: "waiting since" },
          { label: "reason" },
          { label: "occurred at" },
          { label: "action" },
          { label: "policy" },
          { label: "id" },
        ],
        rows: events.map((event) => [
          event.quarantinedAt,
          event.reason,
          event.occurredAt,
          event.action,
          event.retentionPolicy,
          event.id,
        ]),
      })}
    >
      {({ counts, events, canReplay }) => (
        <>
          <ul className="grid gap-2 px-4 pb-3">
            {counts.map(({ reason, count, oldest }) => (
              <li key={reason} className="flex flex-wrap items-baseline gap-x-2 text-sm">
                <StateBadge state="warning">{reasons[reason][0]}</StateBadge>
                <span className="tabular-nums">{count.toLocaleString("en")}</span>
                <span className="text-muted">
                  since <Time at={oldest} />. {reasons[reason][1]}
                </span>
              </li>
            ))}
          </ul>
          {!canReplay && (
            <p className="px-4 pb-3 text-sm text-muted">
              Moving them on needs the maintenance connection (AUDIT_MAINTENANCE_URL).
            </p>
          )}
          <table className="w-full border-collapse text-sm">
            <caption className="sr-only">Events in quarantine, the longest-waiting first</caption>
            <thead className="text-left text-xs text-faint">
              <tr className="border-t border-hairline [&_th]:py-1.5 [&_th]:font-normal">
                <th scope="col" className="pl-4">
                  Waiting since
                </th>
                <th scope="col" className="px-3">
                  Reason
                </th>
                <th scope="col" className="px-3">
                  What
                </th>
                <th scope="col" className="hidden pr-4 pl-3 text-right sm:table-cell">
                  Occurred
                </th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={`${event.id} ${event.retentionPolicy}`} className="h-9 border-t border-hairline">
                  <td className="pl-4 text-xs whitespace-nowrap text-muted">
                    <Time at={event.quarantinedAt} />
                  </td>
                  <td className="px-3 whitespace-nowrap">{reasons[event.reason][0]}</td>
                  <td className="w-full max-w-0 truncate px-3">
                    {event.action} <span className="text-muted">{event.retentionPolicy}</span>
                  </td>
                  <td className="hidden pr-4 pl-3 text-right text-xs whitespace-nowrap text-muted sm:table-cell">
                    <Time at={event.occurredAt} show="instant" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Panel>
  );
}
