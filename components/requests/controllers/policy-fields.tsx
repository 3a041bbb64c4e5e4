"use client";

import { Plus, X } from "lucide-react";
import { basisWords } from "@/components/requests/scope/scope-words.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { SelectField, TextAreaField, TextField } from "@/components/ui/fields.tsx";
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
  const path = policyPath(policy.policy);
  return (
    <div className="relative grid items-start gap-3 rounded-md border border-hairline p-3 sm:grid-cols-2">
      <TextField
        label="Policy"
        hint="As events name it."
        {...problemAt(path)}
        value={policy.policy}
        spellCheck={false}
        onChange={(policy) => onChange({ policy })}
      />
      <SelectField
        label="Basis, Art. 6(1)"
        name="Basis"
        value={policy.basis}
        onChange={(basis) => onChange({ basis })}
        options={bases.map((each) => [each, basisWords(each)])}
      />
      <TextAreaField
        label="Purposes"
        hint="One a line."
        {...problemAt(`${path}.purposes`)}
        rows={2}
        value={policy.purposes}
        onChange={(purposes) => onChange({ purposes })}
      />
      <TextField
        label="How long, as letters say it"
        {...problemAt(`${path}.retentionWords`)}
        value={policy.retentionWords}
        onChange={(retentionWords) => onChange({ retentionWords })}
      />
      <TextField
        label="Law that requires keeping it"
        hint="Left open: no law does."
        {...problemAt(`${path}.floorLaw`)}
        value={policy.floorLaw}
        onChange={(floorLaw) => onChange({ floorLaw })}
      />
      <span className="absolute top-2 right-2">
        <IconButton label={`Leave out ${policy.policy || "this policy"}`} size="sm" onClick={onRemove}>
          <X />
        </IconButton>
      </span>
    </div>
  );
}
