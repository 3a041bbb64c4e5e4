"use client";

import { cn } from "@/components/ui/cn.ts";
import { StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { deadlineOf, deadlineWords } from "./request-words.ts";

interface DaysLeftProps {
  request: Pick<RequestSummary, "daysLeft" | "standing" | "respondedAt" | "closedAt">;
  size?: "md" | "lg";
}

/** "5 days left": a number that is seen first, with its word and, where it is bad, its icon and colour. */
export function DaysLeft({ request, size = "md" }: DaysLeftProps) {
  const { days, words, state } = deadlineOf(request);
  const bad = state === "critical" || state === "warning";
  return (
    <span
      title={deadlineWords(request)}
      className={cn(
        "inline-flex items-baseline gap-1.5 whitespace-nowrap",
        bad ? stateText[state] : "text-ink",
      )}
    >
      {bad && <StateIcon state={state} className={cn("self-center", size === "lg" && "size-5")} />}
      {days !== null && (
        <span className={cn("font-semibold tabular-nums", size === "lg" ? "text-2xl" : "text-lg")}>
          {days}
        </span>
      )}
      <span className={cn("text-sm", days === null && "text-muted", bad && "font-medium")}>
        {days === null ? short(request) : words}
      </span>
    </span>
  );
}

/** Why no day counts, as briefly as a row has room for. */
function short({ standing, respondedAt, closedAt }: DaysLeftProps["request"]): string {
  if (closedAt !== null) return "ended";
  if (respondedAt !== null) return "answered";
  return standing === null ? "no deadline" : "clock paused";
}
