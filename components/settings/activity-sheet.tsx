"use client";

import type { ReactNode } from "react";
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
          <Row name="Outcome">{row.outcome}</Row>
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
