"use client";

import { BellOff, CircleHelp, Waves } from "lucide-react";
import type { ReactNode } from "react";
import { Time } from "@/components/ui/time.tsx";
import type { Hush, IncidentLine } from "@/lib/alerts/types.ts";

const hushWords: Record<Hush["by"], string> = {
  silence: "silenced",
  maintenance: "maintenance",
  inhibition: "follows from another",
  flapping: "flapping",
};

/** What must be known beside the sentence: nobody is told of it, no look confirms it, it comes and goes. */
export function IncidentMarks({ incident }: { incident: IncidentLine }) {
  const { hushed, unconfirmedSince, flapping, state } = incident;
  if (state === "closed") return null;
  return (
    <>
      {unconfirmedSince && (
        <Mark icon={<CircleHelp aria-hidden />} title="The last looks could not tell; it counts as firing.">
          not confirmed since <Time at={unconfirmedSince} show="moment" />
        </Mark>
      )}
      {hushed && (
        <Mark icon={<BellOff aria-hidden />} title={`Nobody is told: ${hushed.words}`}>
          {hushWords[hushed.by]}
          {hushed.until && (
            <>
              {" "}
              until <Time at={hushed.until} show="moment" />
            </>
          )}
        </Mark>
      )}
      {flapping && hushed?.by !== "flapping" && (
        <Mark
          icon={<Waves aria-hidden />}
          title="It fires and resolves again and again; changes are told less often."
        >
          flapping
        </Mark>
      )}
    </>
  );
}

function Mark({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className="inline-flex items-center gap-1 whitespace-nowrap text-muted [&_svg]:size-3.5 [&_svg]:shrink-0"
    >
      {icon}
      <span>{children}</span>
    </span>
  );
}
