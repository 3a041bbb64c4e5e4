import { formatExact } from "@/lib/client/format.ts";
import type { Unit } from "@/lib/collector/types.ts";
import type { DrawnSeries } from "./drawn-series.ts";
import { latest, type Row } from "./time-rows.ts";

interface ChartSummaryProps {
  label: string;
  series: readonly DrawnSeries[];
  rows: readonly Row[];
  unit: Unit;
}

/** What a chart shows, for people who cannot see it; every step stands in the panel's table view. */
export function ChartSummary({ label, series, rows, unit }: ChartSummaryProps) {
  return (
    // A table cannot be squeezed to one pixel itself: it would widen the page.
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Newest</th>
            <th scope="col">Lowest</th>
            <th scope="col">Highest</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ name, label: words, index }) => {
            const values = rows.map((row) => row.v[index]).filter((value) => value != null);
            const lowest = values.length ? values.reduce((a, b) => Math.min(a, b)) : null;
            const highest = values.length ? values.reduce((a, b) => Math.max(a, b)) : null;
            return (
              <tr key={name}>
                <th scope="row">{words}</th>
                <td>{formatExact(latest(rows, index), unit)}</td>
                <td>{formatExact(lowest, unit)}</td>
                <td>{formatExact(highest, unit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
