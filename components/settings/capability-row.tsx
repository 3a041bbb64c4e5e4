"use client";

import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { Badge, type State, StateBadge } from "@/components/ui/state-badge.tsx";
import type { Capability } from "@/lib/capability.ts";
import { isProse } from "./remedy.tsx";

/** Missing what nothing works without is critical; any other gap is only worth knowing. */
function badgeState({ state, required }: Capability): State {
  if (state === "present") return "ok";
  if (state === "unknown") return "unknown";
  return required ? "critical" : "notice";
}

export function CapabilityRow({ capability }: { capability: Capability }) {
  const { title, purpose, needs, state, evidence, enable, required } = capability;
  return (
    <li className="grid grid-cols-1 gap-x-6 gap-y-1.5 border-t border-hairline px-4 py-3 text-sm sm:grid-cols-[5.5rem_minmax(0,1fr)] lg:grid-cols-[5.5rem_minmax(0,1fr)_minmax(0,1.1fr)]">
      <div>
        <StateBadge state={badgeState(capability)}>{state}</StateBadge>
      </div>
      <div>
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {title}
          {required && <Badge>required</Badge>}
        </p>
        <p className="text-muted">{purpose}</p>
      </div>
      <div className="min-w-0 sm:col-start-2 lg:col-start-3">
        <p className="break-words">{evidence}</p>
        {state !== "present" && <p className="text-muted">Needs: {needs}</p>}
        {enable && isProse(enable) && <p className="mt-1 font-medium">{enable}</p>}
        {enable && !isProse(enable) && (
          <div className="mt-2">
            <SqlBlock sql={enable} maxHeight={160} label="Copy" />
          </div>
        )}
      </div>
    </li>
  );
}
