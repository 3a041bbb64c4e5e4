"use client";

import { useId, useState } from "react";
import { Field, Input } from "@/components/ui/input.tsx";
import { isLockTimeout } from "./pack-request.ts";

interface LockTimeoutFieldProps {
  /** Of the plan that is shown. */
  milliseconds: number;
  /** What the wait means here. */
  hint: string;
  /** Typed, and left or entered: the plan is made anew for it. */
  onCommit: (milliseconds: number) => void;
  /** Each time it is typed in; null while it is no such time. */
  onType?: (milliseconds: number | null) => void;
}

/** How long others may be made to queue behind one attempt at a lock. */
export function LockTimeoutField({ milliseconds, hint, onCommit, onType }: LockTimeoutFieldProps) {
  const id = useId();
  const [text, setText] = useState(String(milliseconds));
  const valid = isLockTimeout(Number(text));
  const commit = () => {
    if (valid && Number(text) !== milliseconds) onCommit(Number(text));
  };
  return (
    <Field
      label="Longest wait for a lock, in milliseconds"
      htmlFor={id}
      hint={hint}
      {...(!valid && { problem: "A whole number of milliseconds, from 1 to 5,000." })}
    >
      <span className="w-32">
        <Input
          id={id}
          inputMode="numeric"
          value={text}
          aria-invalid={valid ? undefined : true}
          onChange={(event) => {
            const typed = event.target.value.replace(/[\s,]/g, "");
            setText(typed);
            onType?.(isLockTimeout(Number(typed)) ? Number(typed) : null);
          }}
          onBlur={commit}
          onKeyDown={(event) => event.key === "Enter" && commit()}
        />
      </span>
    </Field>
  );
}
