"use client";

import { useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { emptyHold, holdOf } from "./hold-draft.ts";
import { scopeWords } from "./privacy-words.ts";

/** A hold while it is written. What is left open bounds nothing. */
export function HoldDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const { targets } = useConsole();
  const [draft, setDraft] = useState(emptyHold);
  const place = useAdminAction("placeHold", {
    toastErrors: false,
    done: ({ number, awaits }) =>
      awaits.length > 0
        ? `Hold #${number} is placed; it is in force once ${awaits.length} destructions that began before are settled`
        : `Hold #${number} is in force`,
  });
  const change = (to: Partial<typeof draft>) => {
    place.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  const input = holdOf(draft);
  async function submit() {
    if (input && (await place.run(input))) onClose();
  }
  const text = (name: "name" | "reason" | "person" | "organizations" | "actions" | "policies") => ({
    id: `${id}-${name}`,
    value: draft[name],
    autoComplete: "off",
    maxLength: 1_000,
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  const day = (name: "from" | "to") => ({
    id: `${id}-${name}`,
    type: "date",
    value: draft[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  return (
    <FormDialog
      title="Place a legal hold"
      description="Nothing that it covers is destroyed until somebody else releases it. Case and why are needed; each further field that you fill in narrows what it covers."
      size="lg"
      verb="Place hold"
      complete={input !== null}
      pending={place.pending}
      problem={errorWords(place.error)}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Case" htmlFor={`${id}-name`} hint="As the file is called, such as “2026/114”.">
          <Input {...text("name")} />
        </Field>
        <Field label="Why" htmlFor={`${id}-reason`} hint="Who demands it, and until when or what.">
          <Input {...text("reason")} />
        </Field>
        <Field
          label="Person"
          htmlFor={`${id}-person`}
          hint="Their id as the application writes it; the id itself is not kept. Empty: everybody."
        >
          <Input {...text("person")} spellCheck={false} />
        </Field>
        <Field label="On" htmlFor={`${id}-target`}>
          <Select
            id={`${id}-target`}
            label="On"
            value={draft.target}
            onChange={(target) => change({ target })}
            options={[["*", "every target"], ...targets.map(({ name }): [string, string] => [name, name])]}
          />
        </Field>
        <Field label="Organisations" htmlFor={`${id}-organizations`} hint="Ids, separated by commas.">
          <Input {...text("organizations")} />
        </Field>
        <Field label="Actions" htmlFor={`${id}-actions`} hint="Such as user.login, separated by commas.">
          <Input {...text("actions")} />
        </Field>
        <Field
          label="Retention policies"
          htmlFor={`${id}-policies`}
          hint="Such as standard, separated by commas."
        >
          <Input {...text("policies")} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label="From (UTC)" htmlFor={`${id}-from`}>
            <Input {...day("from")} />
          </Field>
          <Field label="Up to (UTC)" htmlFor={`${id}-to`} hint="That day itself is not covered.">
            <Input {...day("to")} />
          </Field>
        </div>
      </div>
      {input && (
        <p className="text-sm text-muted">
          It covers {scopeWords(input.scope ?? {}, input.person !== undefined)}.
        </p>
      )}
    </FormDialog>
  );
}
