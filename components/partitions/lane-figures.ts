import type { FigureTable } from "@/lib/client/csv.ts";
import type { ReadOutput } from "@/lib/client/reads.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { laneLabel } from "./partition-words.ts";

/** The strip as a table and CSV. */
export function laneFigures(data: ReadOutput<"partitionLanes">): FigureTable {
  return {
    columns: [
      { label: "partition" },
      { label: "branch" },
      { label: "from (UTC)" },
      { label: "to (UTC)" },
      { label: "rows estimated", unit: "count" },
      { label: "size", unit: "bytes" },
      { label: "dead rows", unit: "count" },
      { label: "last vacuum" },
    ],
    rows: (data?.lanes ?? []).flatMap((lane) =>
      lane.cells.map((cell) => [
        nameRelation(cell),
        laneLabel(lane.label),
        cell.from ?? (cell.isDefault ? "default" : cell.bounds),
        cell.to,
        cell.rowsEstimated,
        cell.bytes,
        cell.deadRows,
        cell.lastVacuum,
      ]),
    ),
  };
}
