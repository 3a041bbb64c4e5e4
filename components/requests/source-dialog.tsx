"use client";

import { useId, useState } from "react";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input, TextArea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { AdminInput } from "@/lib/admin.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { type RequestKind, requestKindNames, requestKinds } from "@/lib/request-law/kinds.ts";
import type { IntakeSource } from "@/lib/requests/webhook/get-intake-sources.ts";

interface SourceDialogProps {
  /** The one that is changed; null for a new one. */
  source: IntakeSource | null;
  onClose: () => void;
  /** A key that was made, shown once. */
  onKey: (name: string, key: string) => void;
}

type Defaults = NonNullable<AdminInput<"saveIntakeSource">["defaults"]>;

/** A source of requests while it is written: its name, what its messages mean, and its key. */
export function SourceDialog({ source, onClose, onKey }: SourceDialogProps) {
  const id = useId();
  const [name, setName] = useState(source?.name ?? "");
  const [enabled, setEnabled] = useState(source?.enabled ?? true);
  const [kind, setKind] = useState<RequestKind | "none">(source?.defaults.kind ?? "none");
  const [fields, setFields] = useState(linesOf(source?.defaults.fields));
  const [renewKey, setRenewKey] = useState(false);
  const save = useAdminAction("saveIntakeSource", { toastErrors: false, done: `${name} is saved` });
  async function submit() {
    const { kind: _, fields: __, ...kept } = source?.defaults ?? {};
    const mapped = fieldsOf(fields);
    const defaults = {
      ...kept,
      ...(kind !== "none" && { kind }),
      ...(Object.keys(mapped).length > 0 && { fields: mapped }),
    } as Defaults;
    const made = await save.run({ name: name.trim(), enabled, defaults, renewKey });
    if (!made) return;
    onClose();
    if (made.key) onKey(made.name, made.key);
  }
  return (
    <FormDialog
      title={source ? `Change ${source.name}` : "Add a source"}
      description="Its signing key is made here and shown once."
      verb={source ? "Save source" : "Add source"}
      complete={name.trim() !== ""}
      pending={save.pending}
      problem={errorWords(save.error)}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      {!source && (
        <Field
          label="Name"
          htmlFor={`${id}-name`}
          hint="Small letters, digits and hyphens: it stands in the address."
        >
          <Input
            id={`${id}-name`}
            value={name}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      )}
      <Field label="Kind, where a message names none" htmlFor={`${id}-kind`}>
        <Select
          id={`${id}-kind`}
          label="Kind"
          value={kind}
          onChange={setKind}
          options={[
            ["none", "none: such a message is refused"],
            ...requestKindNames.map((each) => [each, requestKinds[each].title] as const),
          ]}
        />
      </Field>
      <Field
        label="Where things stand in its messages"
        htmlFor={`${id}-fields`}
        hint="One a line, as field: /json/pointer. Left open, a message’s data is a request as the API takes it."
      >
        <TextArea
          id={`${id}-fields`}
          rows={5}
          value={fields}
          spellCheck={false}
          placeholder={"reference: /ticket/id\nidentifier.email: /ticket/requester/email"}
          className="font-mono text-sm"
          onChange={(event) => setFields(event.target.value)}
        />
      </Field>
      <Checkbox label="Take its messages in" checked={enabled} onChange={setEnabled} />
      {source && (
        <Checkbox
          label="Make a new key; the one before is good for another 24 hours"
          checked={renewKey}
          onChange={setRenewKey}
        />
      )}
    </FormDialog>
  );
}

function linesOf(fields: Record<string, string | undefined> | undefined): string {
  return Object.entries(fields ?? {})
    .map(([field, pointer]) => `${field}: ${pointer}`)
    .join("\n");
}

function fieldsOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines.split("\n").flatMap((line) => {
      const [field = "", ...rest] = line.split(":");
      const pointer = rest.join(":").trim();
      return field.trim() && pointer ? [[field.trim(), pointer]] : [];
    }),
  );
}
