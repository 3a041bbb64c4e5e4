/**
 * <Button variant="primary|secondary|ghost|danger" size="sm|md" pending icon={<Plus />}>Create token</Button>
 * <IconButton label="Copy"><Copy /></IconButton>  (label is its accessible name and its hover)
 * `pending` keeps the width, shows a spinner and ignores clicks. `asChild` dresses a link as a button.
 */
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui/slot";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-busy:cursor-progress [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent hover:bg-accent-strong",
        secondary: "border border-hairline-strong bg-panel text-ink hover:bg-hover",
        ghost:
          "text-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink",
        danger: "bg-critical text-panel hover:opacity-90",
      },
      size: { sm: "h-7 px-2.5 text-sm", md: "h-8 px-3 text-base" },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonStyle> {
  pending?: boolean;
  icon?: ReactNode;
  asChild?: boolean;
}

export function Button({
  variant,
  size,
  pending,
  icon,
  asChild,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = cn(buttonStyle({ variant, size }), className);
  if (asChild)
    return (
      <Slot className={classes} {...rest}>
        {children}
      </Slot>
    );
  return (
    <button
      type="button"
      className={classes}
      aria-busy={pending || undefined}
      aria-disabled={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {pending ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  size?: "sm" | "md";
}

export function IconButton({ label, size = "md", className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-50 data-[state=open]:bg-hover data-[state=open]:text-ink [&_svg]:size-4",
        size === "sm" ? "size-[24px]" : "size-8",
        className,
      )}
      {...rest}
    />
  );
}
