import { Bot, CircleUserRound, KeyRound } from "lucide-react";
import type { JobSummary } from "@/lib/work/types.ts";

const icons = { user: CircleUserRound, token: KeyRound, system: Bot };

/** Who asked for it: a person, an API token, or the product itself. */
export function JobWho({ job: { actor } }: { job: Pick<JobSummary, "actor"> }) {
  const Icon = icons[actor.kind];
  return (
    <span className="flex max-w-52 items-center gap-1.5" title={`${actor.name} (${actor.kind})`}>
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span className="truncate">{actor.name}</span>
    </span>
  );
}
