"use client";

import type { FigureTable } from "@/lib/client/csv.ts";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import { formatInstant } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";

/** The plain table behind a chart. Shows the newest 500 rows; the CSV holds all. */
export function PanelTableView({
  table,
  height,
  caption,
}: {
  table: FigureTable;
  height: number;
  caption: string;
}) {
  const zone = useTimeZone();
  const newest = table.rows.slice(-500);
  // Histories run oldest first; people want the newest on top.
  if (newest[0]?.[0] instanceof Date) newest.reverse();
  const rows = newest.map((cells, at) => ({ at, cells }));
  return (
    <section aria-label={`${caption} as a table`} className="overflow-auto" style={{ height }}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 bg-panel">
          <tr>
            {table.columns.map((column, index) => (
              <th
                key={column.label}
                scope="col"
                className={`px-2 py-1.5 font-medium whitespace-nowrap text-muted ${index === 0 ? "text-left" : "text-right"}`}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, cells }) => (
            <tr key={at} className="border-t border-hairline">
              {cells.map((value, index) => {
                const column = table.columns[index];
                const key = column?.label ?? index;
                if (typeof value === "number" && column?.unit)
                  return (
                    <td key={key} className="px-2 py-1 text-right" title={formatExact(value, column.unit)}>
                      {formatValue(value, column.unit)}
                    </td>
                  );
                const text =
                  value instanceof Date ? formatInstant(value, zone) : value == null ? "–" : String(value);
                return (
                  <td key={key} className={`px-2 py-1 ${index === 0 ? "whitespace-nowrap" : "text-right"}`}>
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
