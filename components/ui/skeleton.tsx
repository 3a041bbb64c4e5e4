import { cn } from "./cn.ts";

/** A placeholder of the size of what comes. `<Skeleton className="h-5 w-40" />` */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-inset", className)} />;
}
