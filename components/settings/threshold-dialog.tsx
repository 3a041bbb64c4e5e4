"use client";

import { useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import type { CheckDefinition, LimitsInForce } from "@/lib/check-board/types.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { liesBeyond } from "@/lib/lies-beyond.ts";
import { formatLimit, limitExample } from "@/lib/limit-text.ts";
import { limitsSentence, limitsWords } from "./check-words.ts";
import { readLimit } from "./read-limit.ts";
import { ThresholdEffect } from "./threshold-effect.tsx";

interface DialogProps {
  check: CheckDefinition;
  target: string;
  /** Null: limits for every object. */
  object: { key: string; name: string } | null;
  /** Those in force now. */
  limits: LimitsInForce | null;
  onClose: () => void;
}

/** Changes the limits of a check for this target or all, and tells beforehand what that would change now. */
export function ThresholdDialog({ check, target, object, limits, onClose }: DialogProps) {
  const { targets } = useConsole();
  const text = (limit: number | null | undefined) => (limit == null ? "" : formatLimit(limit, check.unit));
  const [scope, setScope] = useState<"target" | "all">(limits?.setBy?.target === "*" ? "all" : "target");
  const [typed, setTyped] = useState({ warning: text(limits?.warning), critical: text(limits?.critical) });
  const seconds = (value: number | null | undefined) => (value == null ? "" : formatLimit(value, "seconds"));
  const [patience, setPatience] = useState({
    for: seconds(limits?.setBy?.for),
    keepFiringFor: seconds(limits?.setBy?.keepFiringFor),
  });
  const set = useAdminAction("setThreshold", {
    toastErrors: false,
    done: ({ after }) =>
      `${check.title}: ${after ? limitsSentence(check, after) : "when it alerts is changed"}, from the next evaluation on`,
  });
  const guard = useAdminAction("setGuardedThresholds", { toastErrors: false });
  const pending = set.pending || guard.pending;
  const error = set.error ?? guard.error;
  const clearError = () => {
    set.clearError();
    guard.clearError();
  };
  const id = useId();
  const warning = readLimit(typed.warning, check.unit);
  const critical = readLimit(typed.critical, check.unit);
  const patient = {
    for: readLimit(patience.for, "seconds"),
    keepFiringFor: readLimit(patience.keepFiringFor, "seconds"),
  };
  const input =
    warning.ok &&
    critical.ok &&
    patient.for.ok &&
    patient.keepFiringFor.ok &&
    (check.limits || patient.for.limit !== null || patient.keepFiringFor.limit !== null)
      ? {
          check: check.id,
          target: scope === "all" ? "*" : target,
          object: object?.key ?? "*",
          warning: warning.limit,
          critical: critical.limit,
          unit: check.unit,
          for: patient.for.limit,
          keepFiringFor: patient.keepFiringFor.limit,
        }
      : null;
  const refused = error?.fields;
  const second = check.guarded && input !== null && liesBeyond(check, input);
  async function submit() {
    if (!input) return;
    const asked = second
      ? await guard.run({ target: input.target, thresholds: [input] })
      : await set.run(input);
    if (asked) onClose();
  }
  const field = (name: "warning" | "critical", read: typeof warning) => {
    const problem = read.ok ? refused?.[name] : read.problem;
    return (
      <Field
        label={`${name === "warning" ? "Warning" : "Critical"} ${check.direction === "falling" ? "below" : "from"}`}
        htmlFor={`${id}-${name}`}
        {...(problem && { problem })}
      >
        <Input
          id={`${id}-${name}`}
          value={typed[name]}
          onChange={(event) => {
            clearError();
            setTyped({ ...typed, [name]: event.target.value });
          }}
          placeholder="no limit"
          autoComplete="off"
          aria-invalid={problem ? true : undefined}
        />
      </Field>
    );
  };
  const patienceField = (name: "for" | "keepFiringFor", label: string) => {
    const read = patient[name];
    const problem = read.ok ? refused?.[name] : read.problem;
    return (
      <Field label={label} htmlFor={`${id}-${name}`} {...(problem && { problem })}>
        <Input
          id={`${id}-${name}`}
          value={patience[name]}
          onChange={(event) => {
            clearError();
            setPatience({ ...patience, [name]: event.target.value });
          }}
          placeholder={check[name] === 0 ? "at once" : formatLimit(check[name], "seconds")}
          autoComplete="off"
          aria-invalid={problem ? true : undefined}
        />
      </Field>
    );
  };
  return (
    <FormDialog
      title={check.limits ? `Limits of ${check.title}` : `When ${check.title} alerts`}
      {...(object && { description: `For ${object.name} alone` })}
      size="sm"
      verb={second ? "Ask a second administrator" : check.limits ? "Save limits" : "Save"}
      complete={input !== null}
      pending={pending}
      problem={!refused && errorWords(error)}
      onSubmit={submit}
      onClose={onClose}
    >
      {targets.length > 1 && (
        <SelectField
          label="For"
          value={scope}
          onChange={setScope}
          options={[
            ["target", target],
            ["all", "every target"],
          ]}
        />
      )}
      {check.limits && (
        <>
          <div className="grid grid-cols-2 gap-3">
            {field("warning", warning)}
            {field("critical", critical)}
          </div>
          <p className="text-sm text-muted">
            Write {limitExample(check.unit)}; leave one empty for no such limit. The console's own:{" "}
            {limitsWords(check, check.limits)}.
          </p>
        </>
      )}
      <div className="grid grid-cols-2 gap-3">
        {patienceField("for", "Alerts after")}
        {patienceField("keepFiringFor", "Over after")}
      </div>
      <p className="text-sm text-muted">
        How long it must be bad before it is an alert, and fine before that is over; empty for the console's
        own.
      </p>
      {check.limits && <ThresholdEffect input={input} unit={check.unit} />}
      {check.guarded && (
        <p className="text-sm text-muted">
          This check guards the audit log: what lets it speak of less or later than the console's own limits
          needs a second administrator.
        </p>
      )}
    </FormDialog>
  );
}
