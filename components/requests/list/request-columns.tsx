"use client";

import { DaysLeft } from "@/components/requests/days-left.tsx";
import { dayWords, deadlineWords, stateLook } from "@/components/requests/request-words.ts";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { requestStates, stateNames } from "@/lib/request-law/states.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

export const requestColumns: Column<RequestSummary>[] = [
  {
    id: "number",
    header: "Request",
    value: ({ number }) => number,
    cell: ({ number, kind, state }) => (
      <>
        <span className="text-faint tabular-nums">#{number}</span> {requestKinds[kind].title}
        <span className="block truncate text-xs text-muted sm:hidden">{stateNames[state]}</span>
      </>
    ),
    align: "left",
    width: 176,
  },
  {
    id: "left",
    header: "Deadline",
    value: deadlineWords,
    rank: ({ daysLeft }) => daysLeft ?? Number.POSITIVE_INFINITY,
    cell: (request) => <DaysLeft request={request} />,
  },
  {
    id: "state",
    header: "State",
    value: ({ state }) => stateNames[state],
    rank: ({ state }) => requestStates.indexOf(state),
    cell: ({ state }) => {
      const look = stateLook(state);
      return <StateBadge state={look.state}>{look.words}</StateBadge>;
    },
    grow: true,
    from: "sm",
  },
  {
    id: "due",
    header: "Due",
    value: ({ dueOn }) => dueOn,
    cell: ({ dueOn }) => (dueOn === null ? <span className="text-faint">–</span> : dayWords(dueOn)),
    from: "md",
  },
  {
    id: "received",
    header: "Received",
    value: ({ receivedAt }) => receivedAt,
    cell: ({ receivedAt }) => <Time at={receivedAt} show="moment" />,
    from: "md",
  },
  { id: "by", header: "Entered by", value: ({ submittedBy }) => submittedBy, from: "lg" },
  { id: "reference", header: "Reference", value: ({ reference }) => reference, from: "xl" },
];
