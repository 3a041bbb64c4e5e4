"use client";

/**
 * <Field label="Name" htmlFor="name" hint="…" problem="…"><Input id="name" /></Field>
 * <FilterInput value onChange label="Filter statements" /> is what the `/` key goes to.
 */
import { Search } from "lucide-react";
import { type ComponentProps, createContext, type ReactNode, useContext } from "react";
import { cn } from "./cn.ts";

const controlStyle =
  "h-8 w-full min-w-0 rounded-md border border-hairline-strong bg-panel px-2.5 text-base text-ink placeholder:text-faint hover:border-control aria-invalid:border-critical disabled:opacity-55";

/** What the field around a control says of it. */
const FieldContext = createContext<{ id: string; invalid: boolean; told: string | undefined } | null>(null);

/** Read out with the control; a field's other controls are left alone. */
function useField(id: string | undefined) {
  const field = useContext(FieldContext);
  if (!field || field.id !== id) return {};
  return {
    ...(field.invalid && { "aria-invalid": true as const }),
    ...(field.told && { "aria-describedby": field.told }),
  };
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(controlStyle, className)} {...useField(rest.id)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea className={cn(controlStyle, "h-auto py-1.5", className)} {...useField(rest.id)} {...rest} />
  );
}

interface FieldProps {
  label: ReactNode;
  htmlFor: string;
  hint?: ReactNode;
  /** What is wrong with the value; an Input or TextArea of this id is marked as invalid by it. */
  problem?: string | undefined;
  children: ReactNode;
}

export function Field({ label, htmlFor, hint, problem, children }: FieldProps) {
  const told = problem || hint ? `${htmlFor}-told` : undefined;
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={htmlFor} className="text-sm font-medium text-ink">
        {label}
      </label>
      <FieldContext value={{ id: htmlFor, invalid: Boolean(problem), told }}>{children}</FieldContext>
      {problem ? (
        <p id={told} role="alert" className="text-sm text-critical first-letter:uppercase">
          {problem}
        </p>
      ) : (
        hint && (
          <p id={told} className="text-sm text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface FilterInputProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  className?: string;
}

export function FilterInput({ value, onChange, label, className }: FilterInputProps) {
  return (
    <div className={cn("relative", className)}>
      <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" />
      <input
        data-filter
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-7 w-full min-w-0 rounded-md border border-hairline-strong bg-panel pr-2 pl-7.5 text-sm placeholder:text-faint hover:border-control"
      />
    </div>
  );
}
