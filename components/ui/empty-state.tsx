/** "No traffic in this range": what is not there, why, and what to do. Fills its container. */
import type { ReactNode } from "react";
import { AsOf } from "./aged-figures.tsx";
import { cn } from "./cn.ts";

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex h-full min-h-24 flex-col items-center justify-center gap-1.5 px-4 py-3 text-center",
        className,
      )}
    >
      {icon && <div className="text-faint [&_svg]:size-5">{icon}</div>}
      <AsOf />
      <p className="text-sm font-medium text-ink">{title}</p>
      {children && <div className="max-w-130 text-sm text-muted">{children}</div>}
      {action && <div className="mt-1.5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
