"use client";

/**
 * <DropdownMenu trigger={<IconButton …/>} label="Panel actions">
 *   <MenuItem icon={<Copy />} onSelect={…}>Copy link</MenuItem>
 *   <MenuSeparator /> <MenuLabel>Theme</MenuLabel>
 *   <MenuRadio value={theme} onChange={setTheme} options={[["light", "Light"], …]} />
 * </DropdownMenu>
 */
import { Check } from "lucide-react";
import { createContext, type ReactNode, useContext } from "react";
import { cn } from "./cn.ts";
import { floatingBox } from "./floating-box.ts";
import { lazyModule, type TriggerElement, useLazyTrigger } from "./lazy-trigger.tsx";

const radix = lazyModule(() => import("radix-ui/dropdown-menu"));
const RadixContext = createContext<typeof import("radix-ui/dropdown-menu") | null>(null);

function useRadix() {
  const module = useContext(RadixContext);
  if (!module) throw new Error("Menu items stand inside a DropdownMenu");
  return module;
}

interface DropdownMenuProps {
  /** A button. */
  trigger: TriggerElement;
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
  onOpenChange?: (open: boolean) => void;
}

export function DropdownMenu({
  trigger,
  label,
  children,
  align = "end",
  className,
  onOpenChange,
}: DropdownMenuProps) {
  const lazy = useLazyTrigger(radix, trigger, "menu", () => onOpenChange?.(true));
  if (!lazy.module) return lazy.trigger;
  const Radix = lazy.module;
  return (
    <RadixContext value={Radix}>
      <Radix.Root modal={false} defaultOpen {...(onOpenChange && { onOpenChange })}>
        <Radix.Trigger asChild>{trigger}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            aria-label={label}
            align={align}
            sideOffset={6}
            collisionPadding={8}
            className={cn(
              floatingBox,
              "max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-auto p-1",
              className,
            )}
          >
            {children}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </RadixContext>
  );
}

const item =
  "flex h-8 cursor-default items-center gap-2.5 rounded-md px-2 text-sm outline-none select-none data-[disabled]:text-faint data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

interface MenuItemProps {
  icon?: ReactNode;
  /** Stands at the right edge: a shortcut, a state. */
  aside?: ReactNode;
  onSelect?: (event: Event) => void;
  disabled?: boolean;
  /** Lets the one child (a link) be the item. */
  asChild?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, aside, asChild, children, ...rest }: MenuItemProps) {
  const Radix = useRadix();
  if (asChild)
    return (
      <Radix.Item asChild className={item} {...rest}>
        {children}
      </Radix.Item>
    );
  return (
    <Radix.Item className={item} {...rest}>
      {icon}
      <span className="grow truncate">{children}</span>
      {aside && <span className="pl-3 text-xs text-faint">{aside}</span>}
    </Radix.Item>
  );
}

export function MenuCheck({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  const Radix = useRadix();
  return (
    <Radix.CheckboxItem
      className={item}
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="grow truncate">{children}</span>
      <span className="size-4">{checked && <Check aria-hidden />}</span>
    </Radix.CheckboxItem>
  );
}

export function MenuRadio<V extends string>({
  value,
  onChange,
  options,
}: {
  value: V;
  onChange: (value: V) => void;
  options: readonly (readonly [value: V, label: ReactNode])[];
}) {
  const Radix = useRadix();
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as V)}>
      {options.map(([option, label]) => (
        <Radix.RadioItem key={option} value={option} className={item}>
          <span className="grow truncate">{label}</span>
          <span className="size-4">{option === value && <Check aria-hidden />}</span>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const Radix = useRadix();
  return <Radix.Label className="px-2 pt-2 pb-1 text-xs font-medium text-faint">{children}</Radix.Label>;
}

export function MenuSeparator() {
  const Radix = useRadix();
  return <Radix.Separator className="-mx-1 my-1 h-px bg-hairline" />;
}
