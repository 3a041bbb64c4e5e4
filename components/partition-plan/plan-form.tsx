"use client";

import { type FormEvent, useId, useState } from "react";
import { Field, Input } from "@/components/ui/input.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { quoteQualified } from "@/lib/quote-sql.ts";
import { LockTimeoutField } from "./lock-timeout-field.tsx";
import { sumAmounts } from "./plan-words.ts";
import type { CarryOut } from "./use-carry-out.ts";

interface PlanFormProps {
  /** Its button stands elsewhere and names the form. */
  id: string;
  plan: Plan;
  carryOut: CarryOut;
  /** The plan is made anew for it: with more patience another way may do. */
  onLockTimeout: (milliseconds: number) => void;
}

/** The name that must be typed before this is done; null where a click will do. */
function phraseOf({ request }: Pick<Plan, "request">): string | null {
  if (request.verb === "leave-partman") return quoteQualified(request.table.schema, request.table.name);
  return request.verb === "detach" ? quoteQualified(request.partition.schema, request.partition.name) : null;
}

/** What a person answers for: why, how long others may be made to wait, and the name of what is taken away. */
export function PlanForm({ id, plan, carryOut, onLockTimeout }: PlanFormProps) {
  const field = useId();
  const [reason, setReason] = useState("");
  const [limit, setLimit] = useState<number | null>(plan.lockTimeoutMs);
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const phrase = phraseOf(plan);
  const asksWhy = plan.request.verb === "detach" || plan.request.verb === "repair";
  const { stops } = sumAmounts(plan);
  const queued = stops === "reads and writes" || stops === "writes";
  const problems = {
    reason: reason.trim() || !asksWhy ? undefined : "Say why, such as “Ticket AUD-1234”.",
    typed: phrase === null || typed === phrase ? undefined : `Type ${phrase} exactly.`,
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (carryOut.pending || limit === null || Object.values(problems).some(Boolean)) return;
    void carryOut.run(plan, { reason: reason.trim(), lockTimeoutMs: limit, typed });
  }
  const shown = (problem: string | undefined) => (tried && problem ? { problem } : {});
  const invalid = (problem: string | undefined) => (tried && problem ? true : undefined);
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-4 border-t border-hairline pt-4">
      <Field
        label={asksWhy ? "Reason" : "Reason (optional)"}
        htmlFor={`${field}-reason`}
        hint="Stands in the activity log beside your name."
        {...shown(problems.reason)}
      >
        <Input
          id={`${field}-reason`}
          value={reason}
          maxLength={500}
          autoComplete="off"
          aria-invalid={invalid(problems.reason)}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      {queued && (
        <LockTimeoutField
          milliseconds={plan.lockTimeoutMs}
          hint="Others queue behind each attempt for at most this long. Attempts begin at 40 ms and are repeated."
          onType={setLimit}
          onCommit={onLockTimeout}
        />
      )}
      {phrase !== null && (
        <Field label={`Type ${phrase} to confirm`} htmlFor={`${field}-phrase`} {...shown(problems.typed)}>
          <Input
            id={`${field}-phrase`}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={invalid(problems.typed)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
      )}
      {carryOut.error?.code !== "CONFLICT" && (
        <Problem>{errorWords(carryOut.error, { fields: true })}</Problem>
      )}
    </form>
  );
}
