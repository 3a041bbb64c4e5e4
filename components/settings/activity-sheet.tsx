"use client";

import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { useCurrentTarget } from "@/components/shell/current-target.ts";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { ActivityRow } from "@/lib/activity/get-activity.ts";
import { activityWords } from "./activity-words.ts";

interface SheetProps {
  row: ActivityRow | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One entry of the log with all it holds. */
export function ActivitySheet({ row, ...rest }: SheetProps) {
  const target = useCurrentTarget();
  const jobId = typeof row?.detail.jobId === "string" ? row.detail.jobId : null;
  return (
    <Sheet
      open={row !== null}
      title={row ? `${row.actorName} ${activityWords(row)}` : ""}
      description={row?.action}
      {...rest}
    >
      {row && (
        <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
          <Fact name="When">
            <Time at={row.at} show="instant" />
          </Fact>
          <Fact name="Outcome">
            {row.outcome === "unknown" ? "outcome unknown; a later entry tells what was found" : row.outcome}
          </Fact>
          <Fact name="Actor">
            {row.actorName} <span className="text-faint">({row.actorKind})</span>
          </Fact>
          <Fact name="Address">{row.ip ?? "–"}</Fact>
          {row.target && <Fact name="Target">{row.target}</Fact>}
          {row.objectType && (
            <Fact name="Object">
              {row.objectName ?? row.objectId} <span className="text-faint">({row.objectType})</span>
            </Fact>
          )}
          {jobId && (
            <Fact name="Job">
              <ConsoleLink
                href={`/${encodeURIComponent(row.target ?? target ?? "")}/jobs?job=${jobId}`}
                className="text-accent underline-offset-2 hover:underline"
              >
                Open the job
              </ConsoleLink>
            </Fact>
          )}
          {Object.entries(row.detail).map(([name, value]) => (
            <Fact key={name} name={name}>
              {typeof value === "object" ? (
                <code className="font-mono text-xs">{JSON.stringify(value)}</code>
              ) : (
                String(value)
              )}
            </Fact>
          ))}
          <Fact name="Event id">
            <code className="font-mono text-xs break-all">{row.id}</code>
          </Fact>
        </dl>
      )}
    </Sheet>
  );
}
