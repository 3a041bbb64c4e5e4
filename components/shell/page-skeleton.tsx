import { PanelSkeleton } from "@/components/panel/panel.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";

/** A page while it loads: its head and a few panels. */
export function PageSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading the page</span>
      <div className="mb-5 grid gap-1">
        <Skeleton className="h-7 w-44" />
        <Skeleton className="h-5 w-64" />
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <PanelSkeleton height={240} />
        <PanelSkeleton height={240} />
      </div>
    </div>
  );
}
