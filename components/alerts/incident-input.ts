import type { ReadInput } from "@/lib/client/reads.ts";
import type { RangeValue } from "@/lib/client/url-state.ts";
import type { CheckSeries } from "./check-series.ts";

/** The same on the server and in the browser. */
export const incidentInput = (number: number): ReadInput<"incident"> => ({ number });

export function valueHistoryInput({ name, of }: CheckSeries, range: RangeValue): ReadInput<"seriesHistory"> {
  return { series: of ? [name, of] : [name], range, points: 300 };
}
