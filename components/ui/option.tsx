import { type ReactNode, useId } from "react";

interface OptionProps {
  type: "radio" | "checkbox";
  name?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  /** What it means, in a sentence. */
  children: ReactNode;
}

/** One choice of several, or one that is ticked, with what it means below. */
export function Option({ type, name, checked, onChange, label, children }: OptionProps) {
  const id = useId();
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
      <input
        id={id}
        type={type}
        name={name}
        checked={checked}
        aria-describedby={`${id}-words`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 block size-4 accent-(--accent)"
      />
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <p id={`${id}-words`} className="col-start-2 text-sm text-muted">
        {children}
      </p>
    </div>
  );
}
