import { Ban, Clock, SkipForward } from "lucide-react";
import { Badge, StateBadge } from "@/components/ui/state-badge.tsx";
import type { JobSummary } from "@/lib/work/types.ts";
import { jobStates } from "./job-words.ts";

const icons = { waiting: Clock, cancelled: Ban, skipped: SkipForward };

export function JobStateBadge({ job }: { job: Pick<JobSummary, "state" | "cancelRequestedAt"> }) {
  const { state } = job;
  if (state === "running" && job.cancelRequestedAt)
    return <StateBadge state="warning">cancelling</StateBadge>;
  const colour = jobStates[state];
  if (colour) return <StateBadge state={colour}>{state}</StateBadge>;
  const Icon = icons[state as keyof typeof icons];
  return (
    <Badge>
      <Icon aria-hidden className="size-3" />
      {state}
    </Badge>
  );
}
