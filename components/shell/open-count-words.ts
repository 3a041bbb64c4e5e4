import type { State } from "@/components/ui/state-badge.tsx";
import type { OpenCount } from "@/lib/alerts/types.ts";

/** "2 incidents wait for somebody; 1 critical, 3 warnings fire." */
export function openCountWords({ critical, warning, notice, unattended }: OpenCount): string {
  const firing = [
    critical > 0 && `${critical} critical`,
    warning > 0 && `${warning} ${warning === 1 ? "warning" : "warnings"}`,
    notice > 0 && `${notice} ${notice === 1 ? "notice" : "notices"}`,
  ].filter((part) => typeof part === "string");
  if (firing.length === 0) return "No incident is open";
  const waits =
    unattended === 0
      ? "Somebody has every incident"
      : `${unattended} ${unattended === 1 ? "incident waits" : "incidents wait"} for somebody`;
  return `${waits}; firing: ${firing.join(", ")}`;
}

/** The gravest that fires. */
export function worstOpen({ critical, warning, notice }: OpenCount): State {
  return critical > 0 ? "critical" : warning > 0 ? "warning" : notice > 0 ? "notice" : "ok";
}
