import { AppError } from "../errors.ts";
import type { RelativeRange } from "../read.ts";

export interface RangeQuery {
  range?: RelativeRange | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** `range`, or `from` and `to`, as reads take it; the last hour when nothing was given. @throws AppError BAD_INPUT */
export function toRangeInput(query: RangeQuery): { range: RelativeRange } | { from: string; to: string } {
  if (query.from !== undefined || query.to !== undefined) {
    if (query.from === undefined || query.to === undefined || query.range !== undefined)
      throw new AppError("BAD_INPUT", "Give either range, or both from and to.", {
        fields: { range: "Give either range, or both from and to." },
      });
    return { from: query.from, to: query.to };
  }
  return { range: query.range ?? "1h" };
}
