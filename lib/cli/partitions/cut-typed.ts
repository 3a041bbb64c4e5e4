import { AppError } from "../../errors.ts";
import type { intervalUnits } from "../../partition-plan/request.ts";
import { wholeNumber } from "../output/list-page.ts";

/** How a table is cut, as it is typed. */
export interface CutOptions {
  interval?: (typeof intervalUnits)[number] | undefined;
  count?: string | undefined;
  timeZone?: string | undefined;
  naming?: string | undefined;
  key?: string | undefined;
}

/**
 * What was typed of the cut; what is left out is learned from the partitions that are there, by each option for itself.
 * @throws AppError BAD_INPUT
 */
export function cutTyped({ interval, count, timeZone, naming, key }: CutOptions) {
  if (count !== undefined && interval === undefined)
    throw new AppError("BAD_INPUT", "--count goes with --interval: it says how many of that unit.", {
      hint: "Leave both out to have the width learned from the partitions that are there.",
    });
  const cut = {
    ...(interval !== undefined && { unit: interval }),
    ...(count !== undefined && {
      count: interval === "number" ? count : wholeNumber(count, "--count", 1_000),
    }),
    ...(timeZone !== undefined && { timeZone }),
    ...(naming !== undefined && { naming }),
    ...(key !== undefined && { key }),
  };
  return Object.keys(cut).length === 0 ? {} : { cut };
}
