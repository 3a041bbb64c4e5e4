"use client";

import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { SelectField, TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { emptyHold, holdOf } from "./hold-draft.ts";
import { scopeWords } from "./privacy-words.ts";

type TextName = "name" | "reason" | "person" | "organizations" | "actions" | "policies";

/** A hold while it is written. What is left open bounds nothing. */
export function HoldDialog({ onClose }: { onClose: () => void }) {
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
  const text = (name: TextName, label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[name]}
      maxLength={1_000}
      spellCheck={name === "person" ? false : undefined}
      onChange={(value) => change({ [name]: value })}
    />
  );
  const day = (name: "from" | "to", label: string, hint?: string) => (
    <TextField
      type="date"
      label={label}
      hint={hint}
      value={draft[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
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
        {text("name", "Case", "As the file is called, such as “2026/114”.")}
        {text("reason", "Why", "Who demands it, and until when or what.")}
        {text(
          "person",
          "Person",
          "Their id as the application writes it; the id itself is not kept. Empty: everybody.",
        )}
        <SelectField
          label="Target"
          value={draft.target}
          onChange={(target) => change({ target })}
          options={[["*", "every target"], ...targets.map(({ name }): [string, string] => [name, name])]}
        />
        {text("organizations", "Organisations", "Ids, separated by commas.")}
        {text("actions", "Actions", "Such as user.login, separated by commas.")}
        {text("policies", "Retention policies", "Such as standard, separated by commas.")}
        <div className="grid grid-cols-2 gap-3">
          {day("from", "From (UTC)")}
          {day("to", "Up to (UTC)", "That day itself is not covered.")}
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
