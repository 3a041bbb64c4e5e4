"use client";

import { TextField } from "@/components/ui/fields.tsx";
import { everythingPhrase } from "./use-silence-preview.ts";

interface FieldProps {
  /** Of what is written, such as "while it lasts". */
  when: string;
  typed: string;
  onChange: (typed: string) => void;
  problem?: string | undefined;
}

/** The phrase that is typed before nothing is told any more. */
export function EverythingField({ when, typed, onChange, problem }: FieldProps) {
  return (
    <TextField
      label={`Type “${everythingPhrase}” to confirm: nothing at all is told ${when}`}
      problem={problem}
      value={typed}
      spellCheck={false}
      onChange={onChange}
    />
  );
}
