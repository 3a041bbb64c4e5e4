import { AppError } from "../../errors.ts";
import type { Output } from "./output.ts";

/** Which part of a list is asked for, as typed. */
export interface PageOptions {
  limit: string;
  offset: string;
}

const mostRows = 1_000;

/** What `--limit` and `--offset` say in help texts. */
export const pageHelp = {
  limit: `1 to ${mostRows}`,
  offset: "leave so many out: the next page begins there",
};

/** @throws AppError BAD_INPUT */
export function pageOf({ limit, offset }: PageOptions): { limit: number; offset: number } {
  return { limit: wholeNumber(limit, "--limit", mostRows), offset: wholeNumber(offset, "--offset", 1e9, 0) };
}

/** Below a table that is not the whole list: which rows these are, and how to get at the next. */
export function tellPage(out: Output, page: { offset: number; shown: number; total: number }): void {
  const { offset, shown, total } = page;
  if (shown === total) return;
  const next = offset + shown;
  const more = next < total ? ` Go on with --offset ${next}.` : "";
  out.line(
    shown === 0
      ? `There are ${total}; none is behind --offset ${offset}.`
      : `${offset === 0 ? shown : `${offset + 1} to ${next}`} of ${total} shown.${more}`,
  );
}

/** @throws AppError BAD_INPUT */
export function wholeNumber(text: string, option: string, max: number, min = 1): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < min || value > max)
    throw new AppError("BAD_INPUT", `${option} must be a whole number from ${min} to ${max}.`);
  return value;
}
