"use client";

import type { ReactNode } from "react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { useCurrentTarget } from "@/components/shell/current-target.ts";
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
          <Row name="When">
            <Time at={row.at} show="instant" />
          </Row>
          <Row name="Outcome">
            {row.outcome === "unknown" ? "outcome unknown; a later entry tells what was found" : row.outcome}
          </Row>
          <Row name="Actor">
            {row.actorName} <span className="text-faint">({row.actorKind})</span>
          </Row>
          <Row name="Address">{row.ip ?? "–"}</Row>
          {row.target && <Row name="Target">{row.target}</Row>}
          {row.objectType && (
            <Row name="Object">
              {row.objectName ?? row.objectId} <span className="text-faint">({row.objectType})</span>
            </Row>
          )}
          {jobId && (
            <Row name="Job">
              <ConsoleLink
                href={`/${encodeURIComponent(row.target ?? target ?? "")}/jobs?job=${jobId}`}
                className="text-accent underline-offset-2 hover:underline"
              >
                Open the job
              </ConsoleLink>
            </Row>
          )}
          {Object.entries(row.detail).map(([name, value]) => (
            <Row key={name} name={name}>
              {typeof value === "object" ? (
                <code className="font-mono text-xs">{JSON.stringify(value)}</code>
              ) : (
                String(value)
              )}
            </Row>
          ))}
          <Row name="Event id">
            <code className="font-mono text-xs break-all">{row.id}</code>
          </Row>
        </dl>
      )}
    </Sheet>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
