"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import { basisWords } from "@/components/requests/scope/scope-words.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Field, Input, TextArea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { keyedRows } from "@/lib/client/keyed-rows.ts";
import type { ProblemAt } from "@/lib/client/use-field-problems.ts";
import { type LegalBasis, type PolicyDraft, policyPath } from "./controller-draft.ts";

interface PolicyFieldsProps {
  policies: readonly PolicyDraft[];
  problemAt: ProblemAt;
  onChange: (policies: PolicyDraft[]) => void;
}

const bases: readonly LegalBasis[] = [
  "consent",
  "contract",
  "legal_obligation",
  "vital_interest",
  "public_task",
  "legitimate_interest",
];

/** Where the fields of one policy show what is wrong with them. */
export const policyFieldPaths = (path: string) => [
  path,
  ...["purposes", "retentionWords", "floorLaw"].map((name) => `${path}.${name}`),
];

/** By policy: on what basis events are kept, for what, by which law and how long. Portability rests on it. */
export function PolicyFields({ policies, problemAt, onChange }: PolicyFieldsProps) {
  const { add, change, leaveOut } = keyedRows(policies, onChange);
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 text-base font-semibold">Retention policies</legend>
      {policies.length === 0 && (
        <p className="text-sm text-muted">
          None is described: letters cannot tell purposes, and nothing is owed for portability.
        </p>
      )}
      {policies.map((policy) => (
        <Policy
          key={policy.key}
          policy={policy}
          problemAt={problemAt}
          onChange={(to) => change(policy.key, to)}
          onRemove={() => leaveOut(policy.key)}
        />
      ))}
      <Button
        size="sm"
        variant="ghost"
        icon={<Plus />}
        className="justify-self-start"
        onClick={() =>
          add({ policy: "", basis: "legitimate_interest", purposes: "", floorLaw: "", retentionWords: "" })
        }
      >
        Describe a policy
      </Button>
    </fieldset>
  );
}

interface PolicyProps {
  policy: PolicyDraft;
  problemAt: ProblemAt;
  onChange: (to: Partial<PolicyDraft>) => void;
  onRemove: () => void;
}

function Policy({ policy, problemAt, onChange, onRemove }: PolicyProps) {
  const id = useId();
  const path = policyPath(policy.policy);
  return (
    <div className="relative grid items-start gap-3 rounded-md border border-hairline p-3 sm:grid-cols-2">
      <Field label="Policy" htmlFor={`${id}-policy`} hint="As events name it." {...problemAt(path)}>
        <Input
          id={`${id}-policy`}
          value={policy.policy}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ policy: event.target.value })}
        />
      </Field>
      <Field label="Basis, Art. 6(1)" htmlFor={`${id}-basis`}>
        <Select
          id={`${id}-basis`}
          label="Basis"
          value={policy.basis}
          onChange={(basis) => onChange({ basis })}
          options={bases.map((each) => [each, basisWords(each)])}
        />
      </Field>
      <Field
        label="Purposes"
        htmlFor={`${id}-purposes`}
        hint="One a line."
        {...problemAt(`${path}.purposes`)}
      >
        <TextArea
          id={`${id}-purposes`}
          rows={2}
          value={policy.purposes}
          onChange={(event) => onChange({ purposes: event.target.value })}
        />
      </Field>
      <Field
        label="How long, as letters say it"
        htmlFor={`${id}-retention`}
        {...problemAt(`${path}.retentionWords`)}
      >
        <Input
          id={`${id}-retention`}
          value={policy.retentionWords}
          autoComplete="off"
          onChange={(event) => onChange({ retentionWords: event.target.value })}
        />
      </Field>
      <Field
        label="Law that commands to keep it"
        htmlFor={`${id}-law`}
        hint="Left open: none does."
        {...problemAt(`${path}.floorLaw`)}
      >
        <Input
          id={`${id}-law`}
          value={policy.floorLaw}
          autoComplete="off"
          onChange={(event) => onChange({ floorLaw: event.target.value })}
        />
      </Field>
      <span className="absolute top-2 right-2">
        <IconButton label={`Leave out ${policy.policy || "this policy"}`} size="sm" onClick={onRemove}>
          <X />
        </IconButton>
      </span>
    </div>
  );
}
