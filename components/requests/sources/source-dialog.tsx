"use client";

import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { SelectField, TextAreaField, TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { AdminInput } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import { type RequestKind, requestKindNames, requestKinds } from "@/lib/request-law/kinds.ts";
import type { IntakeSource } from "@/lib/requests/webhook/get-intake-sources.ts";
import type { ResultError } from "@/lib/result.ts";
import { fieldsOfLines, linesOfFields, sourceFieldNames } from "./source-fields.ts";

interface SourceDialogProps {
  /** The one that is changed; null for a new one. */
  source: IntakeSource | null;
  /** Names of those that are there. */
  taken: readonly string[];
  onClose: () => void;
  /** A key that was made, shown once. */
  onKey: (name: string, key: string) => void;
}

type Defaults = NonNullable<AdminInput<"saveIntakeSource">["defaults"]>;

/** A source of requests while it is written: its name, what its messages mean, and its key. */
export function SourceDialog({ source, taken, onClose, onKey }: SourceDialogProps) {
  const [name, setName] = useState(source?.name ?? "");
  const [enabled, setEnabled] = useState(source?.enabled ?? true);
  const [kind, setKind] = useState<RequestKind | "none">(source?.defaults.kind ?? "none");
  const [fields, setFields] = useState(linesOfFields(source?.defaults.fields));
  const [renewKey, setRenewKey] = useState(false);
  const save = useAdminAction("saveIntakeSource", { toastErrors: false, done: `${name} is saved` });
  const [checked, setChecked] = useState<ResultError | null>(null);
  const { form, problemAt, rest } = useFieldProblems(checked ?? save.error, ["name", "defaults.fields"]);
  const refuse = (path: string, message: string) =>
    setChecked({ code: "BAD_INPUT", message, retryable: false, fields: { [path]: message } });
  function edited() {
    setChecked(null);
    save.clearError();
  }
  async function submit() {
    const { kind: _, fields: __, ...kept } = source?.defaults ?? {};
    if (!source && taken.includes(name.trim()))
      return refuse("name", "There is a source of this name already.");
    const read = fieldsOfLines(fields);
    if ("problem" in read) return refuse("defaults.fields", read.problem);
    const mapped = read.fields;
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
      problem={rest}
      form={form}
      onEdit={edited}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      {!source && (
        <TextField
          label="Name"
          hint="Small letters, digits and hyphens: it stands in the address."
          {...problemAt("name")}
          value={name}
          maxLength={40}
          spellCheck={false}
          onChange={setName}
        />
      )}
      <SelectField
        label="Kind, where a message names none"
        name="Kind"
        value={kind}
        onChange={setKind}
        options={[
          ["none", "none: such a message is refused"],
          ...requestKindNames.map((each) => [each, requestKinds[each].title] as const),
        ]}
      />
      <TextAreaField
        label="Where things stand in its messages"
        hint={`One a line, as field: /json/pointer. Left open, a message's data is a request as the API takes it. Fields: ${sourceFieldNames}.`}
        {...problemAt("defaults.fields")}
        rows={5}
        value={fields}
        spellCheck={false}
        placeholder={"reference: /ticket/id\nidentifier.email: /ticket/requester/email"}
        className="font-mono text-sm"
        onChange={setFields}
      />
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
