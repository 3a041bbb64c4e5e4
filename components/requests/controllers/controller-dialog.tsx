"use client";

import { useState } from "react";
import { SelectField, TextAreaField, TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
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
    <TextField
      label={label}
      {...(hint && { hint })}
      {...problemAt(`controller.${name}`)}
      value={draft[name]}
      onChange={(value) => change({ [name]: value })}
    />
  );
  const lines = (name: TextName, label: string, hint: string) => (
    <TextAreaField
      label={label}
      hint={hint}
      {...problemAt(`controller.${name}`)}
      rows={3}
      value={draft[name]}
      onChange={(value) => change({ [name]: value })}
    />
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
          <TextField
            label="Organisation"
            hint="Its id, as events have it."
            {...problemAt("organization")}
            value={organization}
            onChange={setOrganization}
          />
        )}
        {text("name", "Name")}
        {text("address", "Address")}
        {text("contact", "Contact", "Where people write to.")}
        {text("dpoContact", "Data protection officer", "Left open: there is none.")}
        {text("country", "Country", "Two letters, such as DE: its public holidays count.")}
        {text("region", "Part of the country", "Where holidays differ, such as BY.")}
        {text("timeZone", "Time zone", "An IANA name, such as Europe/Berlin.")}
        <SelectField
          label="Language of letters"
          value={draft.language}
          onChange={(language) => change({ language })}
          options={[
            ["en", "English"],
            ["de", "German"],
          ]}
        />
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
