import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { standing } from "./incident-words.ts";

/** Mark and word: its severity while it fires, "resolved" or "closed" afterwards. */
export function IncidentStanding({
  incident,
}: {
  incident: Pick<IncidentLine, "state" | "condition" | "severity">;
}) {
  const { state, word } = standing(incident);
  return <StateBadge state={state}>{word}</StateBadge>;
}
