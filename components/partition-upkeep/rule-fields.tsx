"use client";

import { useId } from "react";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { DraftProblems, RuleDraft, UnitChoice } from "./rule-draft.ts";
import { units } from "./rule-draft.ts";
import { cronChoices } from "./upkeep-words.ts";

interface RuleFieldsProps {
  draft: RuleDraft;
  problems: DraftProblems;
  onChange: (change: Partial<RuleDraft>) => void;
}

const unitOptions: readonly (readonly [UnitChoice, string])[] = [
  ["learned", "as the partitions are cut now"],
  ...units.map((unit) => [unit, unit === "number" ? "numbers (ids)" : `${unit}s`] as const),
];

/** What is made, when, and how patiently. */
export function RuleFields({ draft, problems, onChange }: RuleFieldsProps) {
  const id = useId();
  const text = (
    name: keyof RuleDraft,
    more: { className?: string; list?: string; placeholder?: string } = {},
  ) => (
    <Input
      id={`${id}-${name}`}
      value={draft[name]}
      autoComplete="off"
      spellCheck={false}
      aria-invalid={problems[name] ? true : undefined}
      onChange={(event) => onChange({ [name]: event.target.value })}
      {...more}
    />
  );
  const told = (name: keyof RuleDraft) => (problems[name] ? { problem: problems[name] } : {});
  const chosen = cronChoices.find(([cron]) => cron === draft.cron.trim())?.[0] ?? "other";
  return (
    <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
      <Field
        label="Partitions ahead"
        htmlFor={`${id}-ahead`}
        hint="After the one that holds now."
        {...told("ahead")}
      >
        {text("ahead")}
      </Field>
      <Field
        label="Each as long as"
        htmlFor={draft.unit === "learned" ? `${id}-unit` : `${id}-count`}
        hint={draft.unit === "learned" ? "The interval, names and time zone are learned." : undefined}
        {...told("count")}
      >
        <span className="flex gap-2">
          {draft.unit !== "learned" && <span className="w-24 shrink-0">{text("count")}</span>}
          <Select
            id={`${id}-unit`}
            label="Interval"
            value={draft.unit}
            onChange={(unit) => onChange({ unit })}
            options={unitOptions}
          />
        </span>
      </Field>
      <Field
        label="Runs"
        htmlFor={`${id}-cron`}
        hint="Minute, hour, day of month, month, weekday."
        {...told("cron")}
      >
        <span className="flex gap-2">
          <span className="w-36 shrink-0">{text("cron", { className: "font-mono text-sm" })}</span>
          <Select
            label="Schedule"
            value={chosen}
            onChange={(cron) => cron !== "other" && onChange({ cron })}
            options={[...cronChoices, ...(chosen === "other" ? [["other", "as written"] as const] : [])]}
          />
        </span>
      </Field>
      <Field
        label="Time zone of the clock"
        htmlFor={`${id}-timeZone`}
        hint="An IANA name, such as Europe/Berlin."
      >
        {text("timeZone", { list: `${id}-zones` })}
      </Field>
      <Field
        label="Works only between"
        htmlFor={`${id}-from`}
        hint="Leave both empty for any hour. What is contended is tried again until the end."
        {...told("from")}
      >
        <span className="flex items-center gap-2 text-sm text-muted">
          {text("from", { placeholder: "02:00" })} and
          <Input
            aria-label="and"
            value={draft.to}
            placeholder="05:00"
            onChange={(event) => onChange({ to: event.target.value })}
          />
        </span>
      </Field>
      <Field
        label="Longest wait for a lock, in milliseconds"
        htmlFor={`${id}-lockTimeoutMs`}
        hint="Writers queue behind one attempt for at most this long."
        {...told("lockTimeoutMs")}
      >
        {text("lockTimeoutMs")}
      </Field>
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  );
}
