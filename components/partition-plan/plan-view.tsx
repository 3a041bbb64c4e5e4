"use client";

import { Link2, RefreshCw } from "lucide-react";
import { useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Time } from "@/components/ui/time.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { PlanBlockers } from "./plan-blockers.tsx";
import { changesBetween } from "./plan-changes.ts";
import { PlanChoices } from "./plan-choices.tsx";
import { PlanForm } from "./plan-form.tsx";
import { PlanChanges, PlanNotes, PlanRefusals } from "./plan-remarks.tsx";
import { PlanSteps } from "./plan-steps.tsx";
import { PlanSummary } from "./plan-summary.tsx";
import { type Asked, planInput } from "./plan-url.ts";
import { requestInWords, verbWords } from "./plan-words.ts";
import { useCarryOut } from "./use-carry-out.ts";

interface PlanViewProps {
  onClose: () => void;
  asked: Asked;
  /** Another way of doing it: the plan is made anew. */
  onAsk: (asked: Asked) => void;
  /** A job carries it out. */
  onBegun: (job: string) => void;
}

/** What would be done. Nothing of it has happened. */
export function PlanView({ onClose, asked, onAsk, onBegun }: PlanViewProps) {
  const { person } = useConsole();
  const { request } = asked;
  const read = useRead("partitionPlan", planInput(asked), { polled: false });
  const plan = read.data;
  // What was read first: a person agrees to that, and to nothing that came in its place unseen.
  const [seen, setSeen] = useState<{ asked: Asked; plan: Plan } | null>(null);
  if (plan && !read.previous && !(seen && isSame(seen.asked, asked))) setSeen({ asked, plan });
  const form = useId();
  const carryOut = useCarryOut(request.verb, { onBegun, onChanged: read.refetch });
  const operator = roleReaches(person.role, "operator");
  const able = plan !== undefined && plan.steps.length > 0;
  const may = operator && able && plan.runsAs !== null;
  // The one still shown is not of the way that was chosen.
  const replanned =
    read.previous &&
    seen !== null &&
    !isSame(seen.asked, { ...asked, lockTimeoutMs: seen.asked.lockTimeoutMs });
  const changes =
    seen && plan && !read.previous && seen.plan.digest !== plan.digest
      ? changesBetween(seen.plan, plan)
      : null;
  return (
    <Sheet
      open
      onClose={onClose}
      wide
      title={plan?.title ?? requestInWords(request as PlanRequest)}
      description={
        <span className="flex h-6 items-center gap-2">
          {plan ? (
            <>
              <span>
                Plan of <Time at={plan.observedAt} show="second" /> · nothing has happened yet
              </span>
              <IconButton label="Plan again" size="sm" onClick={read.refetch}>
                <RefreshCw className={read.refreshing ? "animate-spin" : undefined} />
              </IconButton>
            </>
          ) : (
            "Plan"
          )}
        </span>
      }
      footer={
        <div className="flex w-full flex-wrap items-center justify-end gap-2">
          {!operator && able && (
            <p className="mr-auto min-w-0 grow basis-52 text-sm text-muted">
              Operators carry out plans. Send one of them the link to this plan.
            </p>
          )}
          <CopyButton
            words
            text={() => window.location.href}
            label="Copy link"
            icon={<Link2 aria-hidden />}
          />
          {may && (
            <Button
              type="submit"
              form={form}
              variant={request.verb === "detach" || plan.irreversible ? "danger" : "primary"}
              pending={carryOut.pending || replanned}
            >
              {verbWords[request.verb]}
            </Button>
          )}
        </div>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <PlanChoices asked={asked} plan={read.previous ? undefined : plan} onAsk={onAsk} />
        {read.error && !plan ? (
          <div role="alert" className="text-sm">
            <p className="font-medium text-critical">{read.error.message}</p>
            {read.error.hint && <p className="text-muted">{read.error.hint}</p>}
            <Button size="sm" className="mt-3" onClick={read.refetch}>
              Plan again
            </Button>
          </div>
        ) : !plan ? (
          <Skeleton className="h-96" />
        ) : (
          <div
            aria-busy={read.previous}
            className={cn("grid grid-cols-1 gap-5 transition-opacity", read.previous && "opacity-55")}
          >
            <PlanChanges changes={changes} />
            {able && <PlanSummary plan={plan} />}
            <PlanRefusals refusals={plan.refusals} />
            {!able && plan.refusals.length === 0 && (
              <EmptyState title="Nothing to do">
                Everything this asks for is there already. Nothing would be changed.
              </EmptyState>
            )}
            <PlanNotes notes={plan.notes} irreversible={plan.irreversible} />
            {able && <PlanBlockers blockers={plan.blockers} />}
            {able && <PlanSteps plan={plan} />}
            {may && (
              <PlanForm
                id={form}
                plan={plan}
                carryOut={carryOut}
                onLockTimeout={(lockTimeoutMs) => onAsk({ request, lockTimeoutMs })}
              />
            )}
          </div>
        )}
      </div>
    </Sheet>
  );
}

const isSame = (a: Asked, b: Asked) => JSON.stringify(planInput(a)) === JSON.stringify(planInput(b));
