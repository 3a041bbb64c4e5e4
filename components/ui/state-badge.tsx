"use client";

/**
 * <StateBadge state="warning">stale</StateBadge>: icon, word and colour; never colour alone.
 * <StateDot state="ok" label="reachable" /> where only a dot fits (its label is read out and hovered).
 * <Badge>idle</Badge> for plain labels. What was OK in figures that are the last known ones is unknown.
 */
import { CircleAlert, CircleCheck, CircleHelp, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useAged } from "./aged-figures.tsx";
import { cn } from "./cn.ts";

export type State = "ok" | "notice" | "warning" | "critical" | "unknown";

const icons = {
  ok: CircleCheck,
  notice: Info,
  warning: TriangleAlert,
  critical: CircleAlert,
  unknown: CircleHelp,
};
const tones: Record<State, string> = {
  ok: "bg-ok-soft text-ok",
  notice: "bg-notice-soft text-notice",
  warning: "bg-warning-soft text-warning",
  critical: "bg-critical-soft text-critical",
  unknown: "bg-unknown-soft text-unknown",
};
export const stateText: Record<State, string> = {
  ok: "text-ok",
  notice: "text-notice",
  warning: "text-warning",
  critical: "text-critical",
  unknown: "text-unknown",
};
const dots: Record<State, string> = {
  ok: "bg-ok",
  notice: "bg-notice",
  warning: "bg-warning",
  critical: "bg-critical",
  unknown: "bg-hatch border border-unknown",
};

/** Of figures that are not of now nobody can say that they are well. */
function useStateNow(state: State): State {
  const aged = useAged();
  return aged && state === "ok" ? "unknown" : state;
}

export function StateIcon({ state: told, className }: { state: State; className?: string }) {
  const state = useStateNow(told);
  const Icon = icons[state];
  return <Icon aria-hidden className={cn("size-4 shrink-0", stateText[state], className)} />;
}

export function StateBadge({ state: told, children }: { state: State; children: ReactNode }) {
  const state = useStateNow(told);
  const Icon = icons[state];
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        tones[state],
      )}
    >
      {state === "unknown" ? (
        <span aria-hidden className="bg-hatch size-2.5 rounded-[2px] border border-unknown" />
      ) : (
        <Icon aria-hidden className="size-3" />
      )}
      {children}
    </span>
  );
}

export function StateDot({ state: told, label }: { state: State; label: string }) {
  const state = useStateNow(told);
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cn("inline-block size-2 shrink-0 rounded-full", dots[state])}
    />
  );
}

export function Badge({ children, tone = "neutral" }: { children: ReactNode; tone?: "neutral" | "accent" }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        tone === "accent" ? "bg-accent-soft text-accent" : "bg-inset text-muted",
      )}
    >
      {children}
    </span>
  );
}
