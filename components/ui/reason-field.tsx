"use client";

import { useId } from "react";
import { Field, Input } from "./input.tsx";

interface ReasonFieldProps {
  value: string;
  onChange: (reason: string) => void;
  /** What to name in it. */
  hint: string;
}

/** Why somebody does what a dialog asks about; it goes on record. */
export function ReasonField({ value, onChange, hint }: ReasonFieldProps) {
  const id = useId();
  return (
    <Field label="Reason" htmlFor={id} hint={hint}>
      <Input id={id} value={value} onChange={(change) => onChange(change.target.value)} autoComplete="off" />
    </Field>
  );
}
