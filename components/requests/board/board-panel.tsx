"use client";

import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { byDue, countsWords, deadlineWords } from "@/components/requests/request-words.ts";
import { ofConsole, openRequestsInput } from "@/components/requests/requests-input.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import type { FigureTable } from "@/lib/client/csv.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { stateNames } from "@/lib/request-law/states.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { BoardLegend } from "./board-legend.tsx";
import { DeadlineBoard } from "./deadline-board.tsx";

interface BoardPanelProps {
  /** Where all requests stand, where this page is not it. */
  all?: ReactNode;
  /** What to do where there is none. */
  begin?: ReactNode;
}

/** Every open request by its due day, overdue first. */
export function BoardPanel({ all, begin }: BoardPanelProps) {
  const read = useRead("requests", openRequestsInput, ofConsole);
  const rows = read.data;
  const overdue = rows?.filter(({ daysLeft }) => daysLeft !== null && daysLeft < 0).length ?? 0;
  return (
    <Panel
      id="deadlines"
      title="Deadlines"
      {...(rows && rows.length > 0 && { unit: countsWords(rows.length, overdue) })}
      read={read}
      height={150}
      flush
      table={(requests) => boardTable(requests.toSorted(byDue))}
      info={{
        what: "Each track runs from receipt to the end of the due day of the controller. Hatched: the clock was paused. Dashed: days won by the extension. Red: past due.",
      }}
    >
      {(requests) =>
        requests.length === 0 ? (
          <div className="h-[150px]">
            <EmptyState
              icon={<Inbox />}
              title="No request is open"
              action={
                <>
                  {begin}
                  {all}
                </>
              }
            >
              A request begins when somebody asks what is kept of them, wants it handed over, or wants it
              erased. From its receipt on one month runs.
            </EmptyState>
          </div>
        ) : (
          <>
            <DeadlineBoard
              requests={requests.toSorted(byDue)}
              now={read.observed?.observedAt ?? new Date()}
            />
            <div className="flex flex-wrap items-baseline justify-between border-t border-hairline">
              <BoardLegend />
              {all}
            </div>
          </>
        )
      }
    </Panel>
  );
}

/** The board as rows, for those who do not see it and for a CSV. */
function boardTable(requests: readonly RequestSummary[]): FigureTable {
  return {
    columns: ["Request", "Kind", "State", "Received", "Due", "Days left", "Clock"].map((label) => ({
      label,
    })),
    rows: requests.map((request) => [
      `#${request.number}`,
      requestKinds[request.kind].title,
      stateNames[request.state],
      request.receivedAt.slice(0, 10),
      request.dueOn ?? "",
      request.daysLeft,
      deadlineWords(request),
    ]),
  };
}
