"use client";

/**
 * <Checkbox label="Hide the console's own" checked={own} onChange={setOwn} />
 * <Switch label="…" checked onChange />: takes effect at once; a checkbox waits for its form.
 */
import { Check } from "lucide-react";
import * as RadixCheckbox from "radix-ui/checkbox";
import * as RadixSwitch from "radix-ui/switch";
import { type ReactNode, useId } from "react";

interface ToggleProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, disabled }: ToggleProps) {
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2 text-sm">
      <RadixCheckbox.Root
        id={id}
        checked={checked}
        onCheckedChange={(next) => onChange(next === true)}
        {...(disabled && { disabled })}
        className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-panel disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixCheckbox.Indicator>
          <Check aria-hidden className="size-3 text-on-accent" strokeWidth={3} />
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <label htmlFor={id}>{label}</label>
    </span>
  );
}

export function Switch({ label, checked, onChange, disabled }: ToggleProps) {
  const id = useId();
  return (
    <span className="inline-flex items-center gap-2 text-sm">
      <RadixSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        {...(disabled && { disabled })}
        className="relative h-4.5 w-8 shrink-0 rounded-full bg-control transition-colors disabled:opacity-55 data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-panel transition-transform data-[state=checked]:translate-x-4" />
      </RadixSwitch.Root>
      <label htmlFor={id}>{label}</label>
    </span>
  );
}
