"use client";

import { useId } from "react";
import { Field, TextArea } from "@/components/ui/input.tsx";

interface NoteFieldProps {
  label: string;
  hint?: string;
  problem?: string;
  value: string;
  onChange: (text: string) => void;
}

/** What somebody types about a request: sealed under its key. */
export function NoteField(props: NoteFieldProps) {
  const {
    label,
    hint = "Sealed under this request's own key, and destroyed with it.",
    problem,
    value,
    onChange,
  } = props;
  const id = useId();
  return (
    <Field label={label} htmlFor={id} hint={hint} {...(problem && { problem })}>
      <TextArea
        id={id}
        rows={3}
        maxLength={4_000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** As an input carries it: nothing where nothing was typed. */
export const noted = (text: string) => (text.trim() === "" ? {} : { note: text.trim() });
