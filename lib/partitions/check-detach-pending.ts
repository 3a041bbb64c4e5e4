import { defineCheck, type ObjectState } from "../check.ts";
import { quoteQualified } from "../quote-sql.ts";
import { type JudgedLane, judgeLanes, laneIsWell, relationObject } from "./judged-lanes.ts";

/** Detaches that were begun with CONCURRENTLY and not finished. */
export const detachPending = defineCheck({
  id: "partitions.detach_pending",
  title: "Unfinished detach",
  unit: null,
  path: "partitions",
  runbook:
    "ALTER TABLE … DETACH PARTITION … CONCURRENTLY was interrupted between its two transactions. The partition's rows no longer show in the table, and no other partition can be detached meanwhile. Finish it with ALTER TABLE … DETACH PARTITION … FINALIZE; it waits for transactions that still see the old state.",
  needs: "A partitioned table.",
  thresholds: null,
  evaluate: (context) => judgeLanes(context, judgeDetach),
});

export function judgeDetach(judged: JudgedLane): ObjectState | ObjectState[] {
  const { database, root, lane, name } = judged;
  const pending = lane.cells.filter((cell) => cell.detachPending);
  if (pending.length === 0) return laneIsWell(judged, `No detach from ${name} is unfinished.`);
  return pending.map(
    (cell): ObjectState => ({
      object: relationObject(database, cell),
      state: "warning",
      value: null,
      threshold: null,
      since: null,
      words: {
        title: `The detach of ${cell.name} from ${name} was begun and not finished.`,
        detail: `Its rows no longer show in ${root.name}, and no other partition can be detached meanwhile. Run ALTER TABLE ${quoteQualified(lane.schema, lane.name)} DETACH PARTITION ${quoteQualified(cell.schema, cell.name)} FINALIZE;`,
      },
    }),
  );
}
