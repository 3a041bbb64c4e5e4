import { CircleDashed, CircleSlash, CircleX } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import { type State, StateIcon } from "@/components/ui/state-badge.tsx";
import type { CheckState } from "@/lib/check.ts";
import type { Freshness } from "@/lib/check-board/types.ts";
import { stateWords } from "./check-words.ts";

/** States with a colour of their own; of the others nothing is known, each for a reason of its own. */
const coloured: Partial<Record<CheckState, State>> = {
  ok: "ok",
  notice: "notice",
  warning: "warning",
  critical: "critical",
};
const unknown = { no_data: CircleDashed, error: CircleX, unavailable: CircleSlash } as const;

const tones: Record<CheckState, string> = {
  ok: "text-ok",
  notice: "text-notice",
  warning: "bg-warning-soft px-1.5 text-warning",
  critical: "bg-critical-soft px-1.5 text-critical",
  error: "bg-unknown-soft px-1.5 text-ink",
  no_data: "text-unknown",
  unavailable: "text-unknown",
};

export function CheckStateIcon({ state, className }: { state: CheckState; className?: string }) {
  const known = coloured[state];
  if (known) return <StateIcon state={known} {...(className && { className })} />;
  const Icon = unknown[state as keyof typeof unknown];
  return <Icon aria-hidden className={cn("size-4 shrink-0 text-unknown", className)} />;
}

/** Icon and word. A state that nobody has confirmed lately is drawn as not known, whatever it was. */
export function CheckStateBadge({
  state,
  freshness = "current",
  words = stateWords[state],
}: {
  state: CheckState;
  freshness?: Freshness;
  words?: string;
}) {
  const old = freshness === "old";
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded-sm text-xs font-medium whitespace-nowrap",
        old ? "bg-hatch border border-unknown px-1.5 text-ink" : tones[state],
      )}
    >
      <CheckStateIcon state={state} className="size-3.5" />
      {old && state !== "no_data" ? `was ${words}` : words}
    </span>
  );
}
