"use client";

import { Check, CircleUserRound, UserRoundX } from "lucide-react";
import { incidentHref, isUnattended, whoHasIt } from "@/components/alerts/incident-words.ts";
import type { IncidentVerbs } from "@/components/alerts/use-incident-verbs.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { useNow } from "@/lib/client/now.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";

/** Who has what a finding tells, as the way to its incident. */
export function IncidentLink({ incident, className }: { incident: IncidentLine; className?: string }) {
  const zone = useTimeZone();
  const words = whoHasIt(incident, useNow(60_000) ?? incident.firedAt.getTime(), zone);
  const alone = isUnattended(incident) && !incident.assignee;
  const Icon = alone ? UserRoundX : CircleUserRound;
  return (
    <ConsoleLink
      href={incidentHref(incident)}
      title={words}
      className={cn(
        "inline-flex min-w-0 items-center gap-1.5 text-sm hover:text-accent",
        alone ? "font-medium" : "text-muted",
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="shrink-0 tabular-nums">#{incident.number}</span>
      <span className="truncate">{words}</span>
    </ConsoleLink>
  );
}

/** One click says "I have it"; nothing for whoever may only look, or once somebody has it. */
export function AcknowledgeButton({
  incident,
  verbs,
  variant,
}: {
  incident: IncidentLine;
  verbs: IncidentVerbs;
  variant?: "primary" | "secondary";
}) {
  const { person } = useConsole();
  if (!isUnattended(incident) || !roleReaches(person.role, "operator")) return null;
  return (
    <Button
      size="sm"
      variant={variant ?? "secondary"}
      icon={<Check />}
      onClick={() => verbs.ask("acknowledge", [incident])}
    >
      Acknowledge
      <span className="sr-only"> #{incident.number}</span>
    </Button>
  );
}
