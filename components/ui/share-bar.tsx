import { formatRatio } from "@/lib/client/format.ts";

/** A share of a whole as a bar with its figure, for a column of a table. */
export function ShareBar({ share }: { share: number | null | undefined }) {
  return (
    <span className="flex w-32 items-center gap-2">
      <span aria-hidden className="h-1.5 grow overflow-hidden rounded-full bg-inset">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.min(1, share ?? 0) * 100}%` }}
        />
      </span>
      <span className="w-14 text-right text-xs whitespace-nowrap text-muted">{formatRatio(share)}</span>
    </span>
  );
}
