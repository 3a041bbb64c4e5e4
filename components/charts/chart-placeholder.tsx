import { Skeleton } from "@/components/ui/skeleton.tsx";

/** Fills its container while a chart's code loads. */
export function ChartPlaceholder() {
  return (
    <div className="h-full pb-2">
      <Skeleton className="h-full" />
    </div>
  );
}
