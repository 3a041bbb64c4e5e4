"use client";

import { regimeNames } from "@/components/requests/request-words.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { cn } from "@/components/ui/cn.ts";
import { SelectField, TextAreaField, TextField } from "@/components/ui/fields.tsx";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { ProblemAt } from "@/lib/client/use-field-problems.ts";
import { requestKindNames, requestKinds } from "@/lib/request-law/kinds.ts";
import { regimes } from "@/lib/request-law/regimes.ts";
import { IdentifierFields } from "./identifier-fields.tsx";
import type { IntakeDraft } from "./intake-draft.ts";

interface FieldsProps {
  draft: IntakeDraft;
  problemAt: ProblemAt;
  onChange: (to: Partial<IntakeDraft>) => void;
}

const asks: Record<IntakeDraft["kind"], string> = {
  access: "They want to know what is kept of them, and a copy",
  portability: "They want what they provided, machine-readable",
  erasure: "They want it erased",
};

/** Fields of the input at which its problems are shown. */
export const intakePaths = [
  ...["name", "contact", "letter"].map((name) => `person.${name}`),
  ...["receivedAt", "reference", "organizations"],
];

export function IntakeFields(props: FieldsProps) {
  return (
    <>
      <Kinds {...props} />
      <IdentifierFields
        identifiers={props.draft.identifiers}
        onChange={(identifiers) => props.onChange({ identifiers })}
      />
      <Person {...props} />
      <Circumstances {...props} />
    </>
  );
}

function Kinds({ draft, onChange }: FieldsProps) {
  return (
    <fieldset className="grid gap-2 sm:grid-cols-3">
      <legend className="mb-1 text-sm font-medium">What they ask for</legend>
      {requestKindNames.map((kind) => (
        <label
          key={kind}
          className={cn(
            "relative grid cursor-pointer content-start gap-0.5 rounded-md border px-3 py-2 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent",
            draft.kind === kind ? "border-accent bg-accent-soft" : "border-hairline-strong hover:bg-hover",
          )}
        >
          <input
            type="radio"
            name="kind"
            className="sr-only"
            checked={draft.kind === kind}
            onChange={() => onChange({ kind })}
          />
          <span className="font-medium">
            {requestKinds[kind].title}{" "}
            <span className="text-sm text-muted">Art. {requestKinds[kind].article}</span>
          </span>
          <span className="text-sm text-muted">{asks[kind]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Person({ draft, problemAt, onChange }: FieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <TextField
        label="Name"
        hint="As the answer addresses them."
        {...problemAt("person.name")}
        value={draft.name}
        maxLength={200}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        label="Contact"
        hint="Where the answer goes."
        {...problemAt("person.contact")}
        value={draft.contact}
        maxLength={1_000}
        onChange={(contact) => onChange({ contact })}
      />
      <div className="sm:col-span-2">
        <TextAreaField
          label="What they wrote"
          {...problemAt("person.letter")}
          rows={4}
          value={draft.letter}
          maxLength={20_000}
          onChange={(letter) => onChange({ letter })}
        />
      </div>
    </div>
  );
}

function Circumstances({ draft, problemAt, onChange }: FieldsProps) {
  const zone = useTimeZone();
  const { targets } = useConsole();
  const local = zone === "utc" ? "UTC" : "local time";
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <TextField
        label={`Received (${local})`}
        hint="When it reached you, also if that was days ago: the clock begins then. Left open: now."
        {...problemAt("receivedAt")}
        type="datetime-local"
        value={draft.receivedAt}
        onChange={(receivedAt) => onChange({ receivedAt })}
      />
      <TextField
        label="Reference"
        hint="Number of the ticket. Kept in clear: no names."
        {...problemAt("reference")}
        value={draft.reference}
        maxLength={200}
        onChange={(reference) => onChange({ reference })}
      />
      <SelectField
        label="Law"
        value={draft.regime}
        onChange={(regime) => onChange({ regime })}
        options={[
          ["auto", "of the controller's country"],
          ...regimes.map((each) => [each, regimeNames[each]] as const),
        ]}
      />
      <SelectField
        label="Language of the answer"
        value={draft.language}
        onChange={(language) => onChange({ language })}
        options={[
          ["auto", "the controller's"],
          ["en", "English"],
          ["de", "German"],
        ]}
      />
      <TextField
        label="Organisations"
        hint="Ids, with commas between. Left open: all."
        {...problemAt("organizations")}
        value={draft.organizations}
        onChange={(organizations) => onChange({ organizations })}
      />
      <fieldset className="grid content-start gap-1.5">
        <legend className="mb-1 text-sm font-medium">Targets</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1.5">
          {targets.map(({ name }) => (
            <Checkbox
              key={name}
              label={name}
              checked={draft.targets.includes(name)}
              onChange={(checked) =>
                onChange({
                  targets: checked ? [...draft.targets, name] : draft.targets.filter((each) => each !== name),
                })
              }
            />
          ))}
        </div>
        <p className="text-sm text-muted">None chosen: every target.</p>
      </fieldset>
    </div>
  );
}
