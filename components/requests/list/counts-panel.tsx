"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { ofConsole } from "@/components/requests/requests-input.ts";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { isEnd, requestStates, stateNames } from "@/lib/request-law/states.ts";

/** For whoever does not handle personal data: how many requests there are in each state, and nothing of any. */
export function CountsPanel() {
  const read = useRead("requestCounts", {}, ofConsole);
  return (
    <Panel
      id="request-counts"
      title="Requests of people about their data"
      read={read}
      height={60}
      info={{
        what: "Requests for access, portability and erasure, by state. Which they are is for privacy officers.",
      }}
    >
      {({ states, overdue }) => {
        const open = requestStates.filter((state) => !isEnd(state) && (states[state] ?? 0) > 0);
        const total = open.reduce((all, state) => all + (states[state] ?? 0), 0);
        return (
          <div className="grid gap-1 pb-3">
            <p className="flex items-center gap-2 text-base">
              {overdue > 0 && <StateIcon state="critical" />}
              <span>
                <span className="font-semibold">{total}</span> open
                {overdue > 0 && (
                  <>
                    , <span className="font-semibold text-critical">{overdue} overdue</span>
                  </>
                )}
                <span className="text-muted">, {states.closed ?? 0} closed</span>
              </span>
            </p>
            {open.length > 0 && (
              <p className="text-sm text-muted">
                {open.map((state) => `${states[state]} ${stateNames[state].toLowerCase()}`).join(" · ")}
              </p>
            )}
          </div>
        );
      }}
    </Panel>
  );
}
