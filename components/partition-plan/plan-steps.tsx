"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { readableTimes } from "@/components/overview/readable-times.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { Plan, PlannedStep, StepLock } from "@/lib/partition-plan/types.ts";
import type { PartitionWork } from "@/lib/partitions/get-work.ts";
import { durationInWords, sqlOf } from "./plan-words.ts";
import { StepDetail } from "./step-detail.tsx";
import { StepMark, stateWords } from "./step-mark.tsx";
import type { StepProgress } from "./step-states.ts";

/** With so few steps their statements are shown at once. */
const openedAtMost = 3;
/** More steps are shown on demand: a plan may have a thousand. */
const stepsAtFirst = 40;

interface PlanStepsProps {
  plan: Pick<Plan, "steps">;
  /** How each stands, by its id, while it is carried out and afterwards. */
  progress?: ReadonlyMap<string, StepProgress> | undefined;
  /** The step in hand waits for others just now. */
  waits?: PartitionWork["waits"];
}

/** The steps in order: statements, locks with who waits, rows; and how each stands once it is carried out. */
export function PlanSteps({ plan, progress, waits }: PlanStepsProps) {
  const [all, setAll] = useState(false);
  const { steps } = plan;
  const shown = all ? steps : steps.slice(0, stepsAtFirst);
  return (
    <section aria-labelledby="plan-steps" className="grid grid-cols-1 gap-1.5">
      <div className="flex h-7 items-center justify-between gap-2">
        <h3 id="plan-steps" className="text-sm font-medium">
          Steps, in order
        </h3>
        {steps.length > 1 && <CopyButton words text={() => sqlOf(plan)} label="Copy all SQL" />}
      </div>
      <ol className="divide-y divide-hairline rounded-md border border-hairline">
        {shown.map((step, at) => (
          <Step
            key={step.id}
            step={step}
            number={at + 1}
            opened={progress === undefined && steps.length <= openedAtMost}
            progress={progress?.get(step.id)}
            waitsFor={waits?.id === step.id ? waits.whom : null}
          />
        ))}
      </ol>
      {steps.length > stepsAtFirst && (
        <Button variant="ghost" size="sm" className="justify-self-start" onClick={() => setAll(!all)}>
          {all ? `Show the first ${stepsAtFirst}` : `Show all ${formatNumber(steps.length)} steps`}
        </Button>
      )}
    </section>
  );
}

interface StepProps {
  step: PlannedStep;
  number: number;
  opened: boolean;
  progress: StepProgress | undefined;
  waitsFor: string | null;
}

function Step({ step, number, opened, progress, waitsFor }: StepProps) {
  const zone = useTimeZone();
  const state = progress?.state ?? "pending";
  const outcome = progress?.outcome;
  return (
    <li data-step={step.id} data-state={progress && state}>
      <details open={opened} className="group">
        <summary className="flex list-none items-start gap-2.5 px-3 py-2 -outline-offset-2 hover:bg-hover">
          <StepMark number={number} state={state} />
          <span className="min-w-0 grow text-sm">
            <span className="font-medium break-words">{step.words}</span>
            <span className="block text-xs text-muted">
              {progress ? (
                <>
                  {stateWords[state]}
                  {state === "running" && waitsFor !== null && `: waits for ${readableTimes(waitsFor, zone)}`}
                  {outcome?.before && ", it had happened before"}
                  {outcome?.why && `: ${readableTimes(outcome.why, zone)}`}
                  {outcome?.retryAt && (
                    <>
                      {" Next try "}
                      <Time at={outcome.retryAt} show="second" />
                    </>
                  )}
                </>
              ) : (
                [
                  hardest(step.locks),
                  step.estimatedSeconds === null ? null : durationInWords(step.estimatedSeconds),
                ]
                  .filter(Boolean)
                  .join(" · ")
              )}
            </span>
          </span>
          <ChevronRight
            aria-hidden
            className="mt-0.5 size-4 shrink-0 text-faint transition-transform group-open:rotate-90 motion-reduce:transition-none"
          />
        </summary>
        <StepDetail step={step} />
      </details>
    </li>
  );
}

/** Who waits for the hardest of a step's locks. */
function hardest(locks: readonly StepLock[]): string {
  const stopped = (["reads and writes", "writes"] as const).find((stops) =>
    locks.some((lock) => lock.stops === stops),
  );
  const on = locks.filter((lock) => lock.stops === stopped).map(({ relation }) => relation);
  if (!stopped) return "reads and writes go on";
  const others = on.length > 1 ? ` and ${on.length - 1} more` : "";
  return `briefly locks ${on[0]}${others} for ${stopped}`;
}
