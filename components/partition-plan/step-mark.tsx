import { Check, CircleAlert, Clock, LoaderCircle, Minus } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import type { StepState } from "./step-states.ts";

const looks: Record<Exclude<StepState, "pending">, { icon: typeof Check; tone: string }> = {
  running: { icon: LoaderCircle, tone: "text-accent" },
  done: { icon: Check, tone: "text-ok" },
  contended: { icon: Clock, tone: "text-warning" },
  blocked: { icon: CircleAlert, tone: "text-warning" },
  missing: { icon: Minus, tone: "text-muted" },
  refused: { icon: CircleAlert, tone: "text-critical" },
};

export const stateWords: Record<StepState, string> = {
  pending: "not begun",
  running: "under way",
  done: "done",
  contended: "contended",
  blocked: "blocked",
  missing: "missing",
  refused: "refused",
};

/** A step's number, or how it stands once it has been begun. */
export function StepMark({ number, state }: { number: number; state: StepState }) {
  const look = state === "pending" ? null : looks[state];
  const Icon = look?.icon;
  return (
    <span
      aria-hidden
      className={cn(
        "flex size-5 shrink-0 items-center justify-center rounded-full text-xs font-medium",
        look ? look.tone : "bg-inset text-muted",
      )}
    >
      {Icon ? <Icon className={cn("size-4", state === "running" && "animate-spin")} /> : number}
    </span>
  );
}
