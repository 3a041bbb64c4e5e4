import { Ban, Check, Minus } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import { Time } from "@/components/ui/time.tsx";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { type RequestStep, stepsOf } from "./request-steps.ts";

/** The way from receipt to certificate: what is done and when, where it stands, what is ahead. */
export function RequestPath({ request }: { request: RequestDetail }) {
  const steps = stepsOf(request);
  const at = steps.findIndex(({ state }) => state === "current" || state === "stopped");
  const here = steps[at];
  const skipped = steps.filter(({ state }) => state === "skipped").length;
  return (
    <div>
      <ol aria-label="Steps" className="hidden grid-cols-8 md:grid">
        {steps.map((step, index) => (
          <Step key={step.name} step={step} first={index === 0} />
        ))}
      </ol>
      <div className="grid gap-1.5 md:hidden">
        <p className="text-sm">
          {here ? (
            <>
              <span className="text-muted">
                Step {at + 1} of {steps.length}:
              </span>{" "}
              <span className="font-medium">{here.name}</span>
            </>
          ) : (
            <span className="font-medium">
              {skipped === 0
                ? `All ${steps.length} steps are done`
                : `${steps.length - skipped} of ${steps.length} steps are done, ${skipped} not needed`}
            </span>
          )}
        </p>
        <div aria-hidden className="grid grid-cols-8 gap-1">
          {steps.map(({ name, state }) => (
            <span
              key={name}
              className={cn(
                "h-1.5 rounded-full",
                state === "done" && "bg-accent",
                state === "current" && "bg-accent/45",
                state === "stopped" && "bg-warning",
                state === "ahead" && "bg-hairline-strong",
                state === "skipped" && "bg-hatch",
              )}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const words: Record<RequestStep["state"], string> = {
  done: "done",
  current: "now",
  stopped: "stopped here",
  ahead: "ahead",
  skipped: "not needed",
};

function Step({ step: { name, state, at }, first }: { step: RequestStep; first: boolean }) {
  return (
    <li
      aria-current={state === "current" ? "step" : undefined}
      className="relative grid justify-items-start gap-1.5 pr-2"
    >
      {!first && (
        <span
          aria-hidden
          className={cn(
            "absolute top-[11px] right-[calc(100%+4px)] h-px w-[calc(100%-32px)]",
            state === "done" || state === "current" || state === "stopped"
              ? "bg-accent/60"
              : "bg-hairline-strong",
          )}
        />
      )}
      <span
        aria-hidden
        className={cn(
          "flex size-6 items-center justify-center rounded-full border text-xs",
          state === "done" && "border-accent bg-accent text-on-accent",
          state === "current" && "border-2 border-accent bg-accent-soft",
          state === "stopped" && "border-2 border-warning bg-warning-soft text-warning",
          (state === "ahead" || state === "skipped") && "border-hairline-strong bg-panel text-faint",
        )}
      >
        {state === "done" && <Check className="size-3.5" strokeWidth={3} />}
        {state === "current" && <span className="size-2 rounded-full bg-accent" />}
        {state === "stopped" && <Ban className="size-3.5" />}
        {state === "skipped" && <Minus className="size-3.5" />}
      </span>
      <span className="min-w-0">
        <span
          className={cn(
            "block text-sm",
            state === "current" || state === "stopped" ? "font-semibold" : "font-medium",
            (state === "ahead" || state === "skipped") && "text-muted",
          )}
        >
          {name}
        </span>
        <span className="block text-xs text-faint">
          {at === null ? words[state] : <Time at={at} show="moment" />}
          {at !== null && <span className="sr-only">, done</span>}
        </span>
      </span>
    </li>
  );
}
