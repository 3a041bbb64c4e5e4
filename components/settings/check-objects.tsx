"use client";

import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { MuteObject } from "@/components/silences/mute-object.tsx";
import { IconButton } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { CheckDefinition, CheckDetail, CheckStanding } from "@/lib/check-board/types.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { CheckStateIcon } from "./check-state.tsx";
import { formatFigure, limitsText, stateWords } from "./check-words.ts";
import { ThresholdDialog } from "./threshold-dialog.tsx";

interface ObjectsProps {
  check: CheckDefinition;
  standing: CheckStanding;
  detail: CheckDetail | null;
}

type Shown = CheckDetail["objects"][number];

/** Every object a check judged, worst first, green ones too. */
export function CheckObjects({ check, standing, detail }: ObjectsProps) {
  const { person } = useConsole();
  const [editing, setEditing] = useState<Shown | null>(null);
  if (!detail) return <Skeleton className="h-20" />;
  const { objects, total } = detail;
  if (objects.length === 0)
    return (
      <p className="text-muted">
        {standing.freshness === "never" ? "None known yet." : "There is nothing here that it could judge."}
      </p>
    );
  const mayChange = check.limits !== null && roleReaches(person.role, check.guarded ? "admin" : "operator");
  const mayMute = roleReaches(person.role, check.guarded ? "admin" : "operator");
  return (
    <>
      <ul className="divide-y divide-hairline rounded-md border border-hairline">
        {objects.map((object) => (
          <li key={object.key} className="flex items-start gap-2 px-2.5 py-1.5">
            <CheckStateIcon state={object.state} className="mt-0.5" />
            <div className="min-w-0 grow">
              <p className="flex flex-wrap gap-x-2">
                <span className="min-w-0 break-words">{object.name}</span>
                <span className="text-muted">
                  {stateWords[object.state]} since <Time at={object.since} show="moment" />
                  {!object.confirmed && ", not confirmed since"}
                </span>
              </p>
              {object.limits?.setBy && object.limits.setBy.objectKey !== "*" && (
                <p className="text-accent">{limitsText(check, object.limits)}, its own limits</p>
              )}
              {object.mute.silenced && <Muted until={object.mute.silenced.until} />}
            </div>
            {object.value !== null && (
              <span className="tabular-nums whitespace-nowrap">{formatFigure(object.value, check.unit)}</span>
            )}
            {mayMute && !object.key.startsWith("session:") && (
              <MuteObject
                short
                target={standing.target}
                labels={object.mute.labels}
                name={object.name}
                guarded={check.guarded}
              />
            )}
            {mayChange && lasts(object) && (
              <IconButton label={`Limits of ${object.name}`} size="sm" onClick={() => setEditing(object)}>
                <SlidersHorizontal />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {total > objects.length && (
        <p className="text-muted">
          {objects.length} of {total.toLocaleString("en-GB")}, worst first.
        </p>
      )}
      {standing.complete === false && !standing.error && !objects.some(({ unavailable }) => unavailable) && (
        <p className="text-muted">The answer was not complete: there may be objects that are not judged.</p>
      )}
      {editing && (
        <ThresholdDialog
          check={check}
          target={standing.target}
          object={{ key: editing.key, name: editing.name }}
          limits={editing.limits}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

/** The target as a whole is what the check's limits are for; a session ends before limits of its own make sense. */
function lasts({ key }: Shown): boolean {
  return key !== "target" && !key.startsWith("session:");
}

function Muted({ until }: { until: Date | null }) {
  return (
    <p className="text-accent">
      muted until {until ? <Time at={until} show="moment" /> : "its incident resolves"}
    </p>
  );
}
