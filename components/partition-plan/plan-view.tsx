"use client";

import { Link2, RefreshCw } from "lucide-react";
import { useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
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
import { PlanForm } from "./plan-form.tsx";
import { PlanChanges, PlanNotes, PlanRefusals } from "./plan-remarks.tsx";
import { PlanSteps } from "./plan-steps.tsx";
import { PlanSummary } from "./plan-summary.tsx";
import type { AskedPlan } from "./plan-url.ts";
import { requestInWords, verbWords } from "./plan-words.ts";
import { useCarryOut } from "./use-carry-out.ts";

interface PlanViewProps {
  onClose: () => void;
  request: AskedPlan;
  /** A job carries it out. */
  onBegun: (job: string) => void;
}

/** What would be done. Nothing of it has happened. */
export function PlanView({ onClose, request, onBegun }: PlanViewProps) {
  const { person } = useConsole();
  const [lockTimeoutMs, setLockTimeout] = useState<number | null>(null);
  const read = useRead(
    "partitionPlan",
    { request, ...(lockTimeoutMs !== null && { lockTimeoutMs }) },
    { polled: false },
  );
  const plan = read.data;
  // What was read first: a person agrees to that, and to nothing that came in its place unseen.
  const [seen, setSeen] = useState<Plan | null>(null);
  if (plan && seen?.lockTimeoutMs !== plan.lockTimeoutMs) setSeen(plan);
  const form = useId();
  const carryOut = useCarryOut(request.verb, { onBegun, onChanged: read.refetch });
  const operator = roleReaches(person.role, "operator");
  const able = plan !== undefined && plan.steps.length > 0;
  const may = operator && able && plan.runsAs !== null;
  return (
    <Sheet
      open
      onClose={onClose}
      wide
      title={plan?.title ?? requestInWords(request as PlanRequest)}
      description={
        <span className="flex h-6 items-center gap-1">
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
              pending={carryOut.pending}
            >
              {verbWords[request.verb]}
            </Button>
          )}
        </div>
      }
    >
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
        <div className="grid grid-cols-1 gap-5">
          <PlanChanges changes={seen && seen.digest !== plan.digest ? changesBetween(seen, plan) : null} />
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
          {may && <PlanForm id={form} plan={plan} carryOut={carryOut} onLockTimeout={setLockTimeout} />}
        </div>
      )}
    </Sheet>
  );
}
