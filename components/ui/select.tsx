"use client";

/**
 * <Select label="Order by" value={order} onChange={setOrder} options={[["time", "Total time"], …]} size="sm" />
 * A choice of one; `label` is its accessible name, `prefix` stands before the value ("by").
 */
import { ChevronDown } from "lucide-react";
import { cn } from "./cn.ts";
import { DropdownMenu, MenuRadio } from "./dropdown-menu.tsx";

interface SelectProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly (readonly [value: V, label: string])[];
  size?: "sm" | "md";
  id?: string;
  disabled?: boolean;
  prefix?: string;
}

export function Select<V extends string>(props: SelectProps<V>) {
  const { label, value, onChange, options, size = "md", id, disabled, prefix } = props;
  const chosen = options.find(([option]) => option === value)?.[1] ?? value;
  return (
    <DropdownMenu
      label={label}
      align="start"
      trigger={
        <button
          type="button"
          id={id}
          disabled={disabled}
          aria-label={`${label}: ${prefix ? `${prefix} ` : ""}${chosen}`}
          className={cn(
            "inline-flex min-w-0 items-center justify-between gap-1.5 rounded-md border border-hairline-strong bg-panel px-2.5 hover:bg-hover disabled:opacity-55 data-[state=open]:bg-hover",
            size === "sm" ? "h-7 text-sm" : "h-8 text-base",
          )}
        >
          <span className="truncate" title={chosen}>
            {prefix && <span className="text-faint">{prefix} </span>}
            {chosen}
          </span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuRadio value={value} onChange={onChange} options={options} />
    </DropdownMenu>
  );
}
