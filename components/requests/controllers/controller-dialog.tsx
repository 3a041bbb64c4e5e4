"use client";

import { useId, useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input, TextArea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import type { ControllerRow } from "@/lib/requests/controllers/get-controllers.ts";
import type { ResultError } from "@/lib/result.ts";
import {
  type ControllerDraft,
  controllerOf,
  draftOfController,
  policyPath,
  repeatedPolicies,
  type TextName,
  textNames,
} from "./controller-draft.ts";
import { PolicyFields, policyFieldPaths } from "./policy-fields.tsx";

/** Who answers for an organisation's data while it is written. */
export function ControllerDialog({ row, onClose }: { row: ControllerRow; onClose: () => void }) {
  const id = useId();
  const [organization, setOrganization] = useState(row.organization);
  const [draft, setDraft] = useState(() => draftOfController(row));
  const set = useAdminAction("setController", { toastErrors: false, done: "The controller is set" });
  const [checked, setChecked] = useState<ResultError | null>(null);
  const { form, problemAt, rest } = useFieldProblems(checked ?? set.error, [
    "organization",
    ...textNames.map((name) => `controller.${name}`),
    ...draft.policies.flatMap(({ policy }) => policyFieldPaths(policyPath(policy))),
  ]);
  const change = (to: Partial<ControllerDraft>) => {
    setChecked(null);
    set.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  async function submit() {
    const fields = repeatedPolicies(draft.policies);
    if (fields)
      return setChecked({
        ...{ code: "BAD_INPUT", message: "A policy is described twice.", retryable: false },
        fields,
      });
    const input = {
      organization: organization.trim(),
      version: row.version,
      controller: controllerOf(draft),
    };
    if (await set.run(input)) onClose();
  }
  const text = (name: TextName, label: string, hint?: string) => (
    <Field
      label={label}
      htmlFor={`${id}-${name}`}
      {...(hint && { hint })}
      {...problemAt(`controller.${name}`)}
    >
      <Input
        id={`${id}-${name}`}
        value={draft[name]}
        autoComplete="off"
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const lines = (name: TextName, label: string, hint: string) => (
    <Field label={label} htmlFor={`${id}-${name}`} hint={hint} {...problemAt(`controller.${name}`)}>
      <TextArea
        id={`${id}-${name}`}
        rows={3}
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormDialog
      title={
        row.organization === "*"
          ? "Who answers for every organisation"
          : row.organization
            ? `Who answers for ${row.organization}`
            : "Who answers for an organisation"
      }
      description="Requests that are in already keep the country and time zone that they came with."
      size="lg"
      verb="Save controller"
      complete={organization.trim() !== "" && draft.name.trim() !== ""}
      pending={set.pending}
      problem={rest}
      form={form}
      noValidate
      wide
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {row.organization === "" && (
          <Field
            label="Organisation"
            htmlFor={`${id}-organization`}
            hint="Its id, as events have it."
            {...problemAt("organization")}
          >
            <Input
              id={`${id}-organization`}
              value={organization}
              autoComplete="off"
              onChange={(event) => setOrganization(event.target.value)}
            />
          </Field>
        )}
        {text("name", "Name")}
        {text("address", "Address")}
        {text("contact", "Contact", "Where people write to.")}
        {text("dpoContact", "Data protection officer", "Left open: there is none.")}
        {text("country", "Country", "Two letters, such as DE: its public holidays count.")}
        {text("region", "Part of the country", "Where holidays differ, such as BY.")}
        {text("timeZone", "Time zone", "An IANA name, such as Europe/Berlin.")}
        <Field label="Language of letters" htmlFor={`${id}-language`}>
          <Select
            id={`${id}-language`}
            label="Language of letters"
            value={draft.language}
            onChange={(language) => change({ language })}
            options={[
              ["en", "English"],
              ["de", "German"],
            ]}
          />
        </Field>
        {text("authority", "Supervisory authority", "Where a complaint may be lodged.")}
        {text("courtWording", "Court", "Which may be asked, as letters say it.")}
        {lines("recipients", "Recipients", "One a line, each by name (CJEU C-154/21).")}
        {lines("sources", "Sources", "One a line: where data come from, if not from the person.")}
        {lines("transfers", "Transfers", "One a line: to which third country, by which safeguard.")}
        {lines(
          "automatedDecisions",
          "Automated decisions",
          "Art. 22: the logic and what follows. Left open: none.",
        )}
      </div>
      <PolicyFields
        policies={draft.policies}
        problemAt={problemAt}
        onChange={(policies) => change({ policies })}
      />
    </FormDialog>
  );
}
