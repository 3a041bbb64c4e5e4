import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import type { DutyState } from "@/lib/duties/list-duties.ts";

const states: Record<DutyState["state"], [State, string]> = {
  running: ["ok", "running"],
  late: ["critical", "late"],
  failing: ["critical", "failing"],
  unled: ["critical", "no leader"],
};

/** Worst first. */
const order = ["failing", "late", "unled", "running"];

export const dutyColumns: Column<DutyState>[] = [
  {
    id: "duty",
    header: "Duty",
    value: (duty) => duty.title,
    cell: (duty) => (
      <span className="block min-w-0">
        <span className="block truncate font-medium">{duty.title}</span>
        <span className="block truncate text-xs text-faint">
          {duty.duty} · {duty.target === "*" ? "whole console" : duty.target}
        </span>
      </span>
    ),
    width: 220,
  },
  {
    id: "state",
    header: "State",
    value: (duty) => order.indexOf(duty.state),
    cell: (duty) => <StateBadge state={states[duty.state][0]}>{states[duty.state][1]}</StateBadge>,
  },
  {
    id: "problem",
    header: "What is wrong",
    value: problemWords,
    cell: (duty) => problemWords(duty) ?? <span className="text-faint">–</span>,
    grow: true,
    from: "md",
  },
  {
    id: "leader",
    header: "Leader",
    help: "Process that leads it: host and process id",
    value: (duty) => duty.leader && processWords(duty.leader.holder),
    cell: (duty) =>
      duty.leader ? (
        <span title={duty.leader.holder}>
          {processWords(duty.leader.holder)}{" "}
          <span className="text-faint">
            since <Time at={duty.leader.since} show="moment" />
          </span>
        </span>
      ) : (
        <span className="text-faint">nobody</span>
      ),
    from: "lg",
  },
  {
    id: "cadence",
    header: "Every",
    value: (duty) => duty.everyMs / 1_000,
    cell: (duty) => formatSeconds(duty.everyMs / 1_000),
    unit: "seconds",
    from: "sm",
  },
  {
    id: "beat",
    header: "Last done",
    help: "End of the last round that went well",
    value: (duty) => duty.lastBeat,
    cell: (duty) => (duty.lastBeat ? <Time at={duty.lastBeat} /> : <span className="text-faint">never</span>),
    align: "right",
  },
];

function problemWords(duty: DutyState): string | null {
  if (duty.state === "unled") return "No worker leads it: start one, or see its log.";
  const failure = duty.failure && `${duty.failure.message || duty.failure.code}`;
  if (duty.state === "late")
    return failure ? `Three rounds did not come. ${failure}` : "Three rounds did not come.";
  return failure;
}

/** "host:4711:1732…" is "host, pid 4711". */
function processWords(holder: string): string {
  const [host = holder, pid] = holder.split(":");
  return pid ? `${host}, pid ${pid}` : host;
}
