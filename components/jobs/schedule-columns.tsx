import type { Column } from "@/components/ui/data-table-props.ts";
import { Badge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { ScheduleSummary } from "@/lib/work/get-schedules.ts";
import { JobStateBadge } from "./job-state.tsx";

export const scheduleColumns: Column<ScheduleSummary>[] = [
  {
    id: "schedule",
    header: "Schedule",
    value: (schedule) => schedule.title,
    cell: (schedule) => (
      <span className="block min-w-0">
        <span className="block truncate font-medium">{schedule.title}</span>
        <span className="block truncate text-xs text-faint">
          {schedule.name} · {schedule.target ?? "console"}
        </span>
      </span>
    ),
    grow: true,
    sortable: false,
    title: () => undefined,
  },
  {
    id: "when",
    header: "When",
    value: (schedule) => schedule.words ?? schedule.cron,
    cell: (schedule) => (
      <span className="block">
        <span className="block">
          {schedule.words ?? <code className="font-mono text-xs">{schedule.cron}</code>}
        </span>
        <span className="block text-xs text-faint">{schedule.timeZone}</span>
      </span>
    ),
    from: "sm",
    sortable: false,
  },
  {
    id: "next",
    header: "Next run",
    value: (schedule) => schedule.next[0],
    cell: (schedule) => (schedule.enabled ? <Time at={schedule.next[0]} /> : <Badge>paused</Badge>),
    sortable: false,
  },
  {
    id: "last",
    header: "Last run",
    value: (schedule) => schedule.last?.createdAt,
    cell: ({ last }) =>
      last ? (
        <span className="flex items-center gap-2">
          <JobStateBadge job={{ state: last.state, cancelRequestedAt: null }} />
          <Time at={last.createdAt} className="text-muted" />
        </span>
      ) : (
        <span className="text-faint">none yet</span>
      ),
    from: "md",
    sortable: false,
  },
  {
    id: "skipped",
    header: "Skipped",
    help: "Runs that did not begin because the one before still ran",
    value: (schedule) => schedule.skipped,
    unit: "count",
    from: "lg",
    sortable: false,
  },
];
