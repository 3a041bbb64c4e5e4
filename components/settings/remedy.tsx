import { SqlBlock } from "@/components/ui/sql-block.tsx";
import type { Unavailable } from "@/lib/result.ts";

/** Why something cannot be judged, and what a person may run or change to have it. @param said what stands beside it already */
export function Remedy({ unavailable, said }: { unavailable: Unavailable; said?: string }) {
  const { reason, enable } = unavailable;
  return (
    <div className="grid gap-1.5">
      {reason !== said && <p className="text-muted break-words">{reason}</p>}
      {enable && isProse(enable) && <p className="font-medium break-words">{enable}</p>}
      {enable && !isProse(enable) && <SqlBlock sql={enable} maxHeight={160} label="Copy what enables it" />}
    </div>
  );
}

/** "Upgrade the server …" is advice, not something to copy. */
export function isProse(enable: string): boolean {
  return /^[A-Z][a-z]/.test(enable);
}
