"use client";

/**
 * <Select label="Order by" value={order} onChange={setOrder} options={[["time", "Total time"], …]} size="sm" />
 * A choice of one; `label` is its accessible name. With a visible label use <Field htmlFor> and give `id`.
 */
import { Check, ChevronDown } from "lucide-react";
import * as Radix from "radix-ui/select";
import { useNonce } from "@/components/shell/root-providers.tsx";
import { cn } from "./cn.ts";
import { floatingBox } from "./popover.tsx";

interface SelectProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly (readonly [value: V, label: string])[];
  size?: "sm" | "md";
  id?: string;
  disabled?: boolean;
  /** Stands before the value: "by". */
  prefix?: string;
}

export function Select<V extends string>(props: SelectProps<V>) {
  const { label, value, onChange, options, size = "md", id, disabled, prefix } = props;
  const nonce = useNonce();
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as V)} {...(disabled && { disabled })}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        className={cn(
          "inline-flex min-w-0 items-center justify-between gap-1.5 rounded-md border border-hairline-strong bg-panel px-2.5 hover:bg-hover disabled:opacity-55",
          size === "sm" ? "h-7 text-sm" : "h-8 text-base",
        )}
      >
        <span className="truncate">
          {prefix && <span className="text-faint">{prefix} </span>}
          <Radix.Value />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            floatingBox,
            "max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)",
          )}
        >
          <Radix.Viewport {...(nonce && { nonce })} className="p-1">
            {options.map(([option, words]) => (
              <Radix.Item
                key={option}
                value={option}
                className="flex h-8 cursor-default items-center gap-6 rounded-md px-2 text-sm outline-none select-none data-[highlighted]:bg-hover"
              >
                <span className="grow">
                  <Radix.ItemText>{words}</Radix.ItemText>
                </span>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="size-4 text-muted" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
