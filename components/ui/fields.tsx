"use client";

/**
 * <TextField label="Name" hint="…" {...problemAt("name")} value={draft.name} onChange={(name) => change({ name })} />
 * A labelled control in one: `onChange` gets the value. What else is given goes to the control.
 */
import { type ComponentProps, useId } from "react";
import { Field, Input, TextArea } from "./input.tsx";
import { Select } from "./select.tsx";

type Labelled = Pick<ComponentProps<typeof Field>, "label" | "hint" | "problem">;
type Valued<C> = Omit<C, "id" | "value" | "onChange"> & { value: string; onChange: (value: string) => void };

export function TextField({
  label,
  hint,
  problem,
  onChange,
  ...input
}: Labelled & Valued<ComponentProps<"input">>) {
  const id = useId();
  return (
    <Field label={label} htmlFor={id} hint={hint} problem={problem}>
      <Input autoComplete="off" {...input} id={id} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  problem,
  onChange,
  ...area
}: Labelled & Valued<ComponentProps<"textarea">>) {
  const id = useId();
  return (
    <Field label={label} htmlFor={id} hint={hint} problem={problem}>
      <TextArea {...area} id={id} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

type SelectFieldProps<V extends string> = Omit<Labelled, "label"> &
  Pick<ComponentProps<typeof Select<V>>, "value" | "onChange" | "options"> & {
    label: string;
    /** What the control is called, where that is not the label. */
    name?: string;
  };

export function SelectField<V extends string>(props: SelectFieldProps<V>) {
  const { label, name = label, hint, problem, ...select } = props;
  const id = useId();
  return (
    <Field label={label} htmlFor={id} hint={hint} problem={problem}>
      <Select id={id} label={name} {...select} />
    </Field>
  );
}
