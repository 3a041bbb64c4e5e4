"use client";

import { type ReactNode, useId } from "react";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { ReadOutput } from "@/lib/client/reads.ts";
import { type DraftProblems, type RuleDraft, type UnitChoice, units } from "./rule-draft.ts";
import { cronChoices, intervalInWords } from "./upkeep-words.ts";

interface RuleFieldsProps {
  draft: RuleDraft;
  problems: DraftProblems;
  /** What is left empty, as learned from the partitions that are there; null while nobody knows. */
  learned: ReadOutput<"upkeepPreview">["cut"];
  onChange: (change: Partial<RuleDraft>) => void;
}

const unitOptions: readonly (readonly [UnitChoice, string])[] = [
  ["learned", "as the partitions are cut now"],
  ...units.map((unit) => [unit, unit === "number" ? "numbers (ids)" : `${unit}s`] as const),
];

const keyChoices = [
  ...["epoch seconds", "epoch milliseconds", "epoch microseconds", "calendar yyyymmdd", "calendar yyyymm"],
  ...["snowflake 2010-11-04T01:42:54.657Z", "uuid v7", "text {yyyy}-{mm}-{dd}", "number"],
];

/** What is made, how it is cut and called, when, and how patiently. */
export function RuleFields({ draft, problems, learned, onChange }: RuleFieldsProps) {
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
  const interval = intervalInWords(learned ?? null);
  return (
    <>
      <Group title="What is made">
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
          hint={
            draft.unit === "learned"
              ? interval
                ? `Learned: ${interval}.`
                : "Learned."
              : "Bounds go on from the newest."
          }
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
          label="Names"
          htmlFor={`${id}-naming`}
          hint="Fields: {table} {yyyy} {mm} {dd} {hh} {q} {iyyy} {ww} {from} {to} {n}."
        >
          {text("naming", { className: mono, placeholder: learned?.naming ?? "learned" })}
        </Field>
        <Field
          label="Bounds at midnight in"
          htmlFor={`${id}-cutZone`}
          hint="The time zone the partitions are cut by."
        >
          {text("cutZone", { list: `${id}-zones`, placeholder: learned?.timeZone ?? "learned" })}
        </Field>
        <Field
          label="The key means"
          htmlFor={`${id}-key`}
          hint="For integers, uuids and texts, such as snowflake with its epoch."
        >
          {text("key", { className: mono, list: `${id}-keys`, placeholder: learned?.key ?? "learned" })}
        </Field>
        <Field label="Tablespace" htmlFor={`${id}-tablespace`} hint="Where new partitions are stored.">
          {text("tablespace", { className: mono, placeholder: "the newest partition's" })}
        </Field>
      </Group>
      <Group title="When it runs">
        <Field
          label="Runs"
          htmlFor={`${id}-cron`}
          hint="Minute, hour, day of month, month, weekday."
          {...told("cron")}
        >
          <span className="flex gap-2">
            <span className="w-36 shrink-0">{text("cron", { className: mono })}</span>
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
      </Group>
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <datalist id={`${id}-keys`}>
        {keyChoices.map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
    </>
  );
}

const mono = "font-mono text-sm";

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid items-start gap-x-5 gap-y-4 sm:grid-cols-2">
      <legend className="mb-2 text-sm font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}
