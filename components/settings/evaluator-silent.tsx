import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { CheckBoard } from "@/lib/check-board/types.ts";

/** Which targets nobody evaluates now: what is shown of them is what was known last. */
export function EvaluatorSilent({ board }: { board: CheckBoard }) {
  const silent = board.targets.flatMap((target) => {
    const of = board.standings.filter((standing) => standing.target === target);
    if (of.length === 0 || of.some(({ freshness }) => freshness === "current")) return [];
    const newest = Math.max(...of.map(({ evaluatedAt }) => evaluatedAt?.getTime() ?? 0));
    return [{ target, lastAt: newest > 0 ? new Date(newest) : null }];
  });
  if (silent.length === 0) return null;
  return (
    <div
      role="status"
      className="mx-4 mb-3 flex items-start gap-2.5 rounded-md border border-warning/40 bg-warning-soft px-3 py-2.5 text-sm"
    >
      <StateIcon state="warning" className="mt-0.5" />
      <div>
        {silent.map(({ target, lastAt }) => (
          <p key={target} className="font-medium">
            {lastAt ? (
              <>
                No check of {target} has been evaluated since <Time at={lastAt} show="second" />.
              </>
            ) : (
              `No check of ${target} has been evaluated yet.`
            )}
          </p>
        ))}
        <p className="text-muted">
          They are due every {board.intervalSeconds} s. See that a worker runs: the process with ROLE=worker
          or ROLE=all.
        </p>
      </div>
    </div>
  );
}
