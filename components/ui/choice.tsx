"use client";

import { cn } from "@/components/ui/cn.ts";

interface ChoiceProps<V extends string> {
  label: string;
  value: V;
  choices: readonly (readonly [value: V, words: string, count?: number | undefined])[];
  onChange: (value: V) => void;
}

/** A few short choices side by side, with counts where there are some, for the right end of a panel's title. */
export function Choice<V extends string>({ label, value, choices, onChange }: ChoiceProps<V>) {
  return (
    <fieldset className="mr-1 flex rounded-md bg-inset p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map(([choice, words, count]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          onClick={() => onChange(choice)}
          className={cn(
            "flex h-6 items-center gap-1.5 rounded-sm px-2 text-xs whitespace-nowrap",
            choice === value
              ? "bg-panel font-medium text-ink shadow-[0_0_0_1px_var(--hairline)]"
              : "text-muted hover:text-ink",
          )}
        >
          {words}
          {count !== undefined && <span className="text-faint">{count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
