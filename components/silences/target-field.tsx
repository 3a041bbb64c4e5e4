"use client";

import { SelectField } from "@/components/ui/fields.tsx";

interface FieldProps {
  /** The one target that it can be set on. */
  own: string;
  value: string;
  onChange: (target: string) => void;
}

/** On which targets a silence or a window is: one, or every one. */
export function TargetField({ own, value, onChange }: FieldProps) {
  return (
    <SelectField
      label="Target"
      value={value}
      onChange={onChange}
      options={[
        [own, own],
        ["*", "every target"],
      ]}
    />
  );
}
