import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";

interface ContentsHeadProps {
  label: string;
  help?: string;
  /** Descending or ascending; null when the table is sorted by another column. */
  sorted: boolean | null;
  onSort: () => void;
  className: string;
}

/** A column's name, which sorts by it. */
export function ContentsHead({ label, help, sorted, onSort, className }: ContentsHeadProps) {
  const Arrow = sorted ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted === null ? undefined : sorted ? "descending" : "ascending"}
      className={cn("font-medium shadow-[inset_0_-1px_0_var(--hairline)]", className)}
    >
      <button
        type="button"
        title={help}
        onClick={onSort}
        className={cn(
          "inline-flex items-center gap-1 rounded-sm",
          sorted === null ? "text-muted hover:text-ink" : "text-ink",
        )}
      >
        {label}
        {sorted !== null && <Arrow aria-hidden className="size-3.5" />}
      </button>
    </th>
  );
}
