import { cn } from "./cn.ts";
import type { Column } from "./data-table-props.ts";

/** Pixels. */
export const usualRowHeight = 34;
export const headHeight = 34;
export const usualMaxHeight = 560;

const windows = {
  sm: "hidden sm:table-cell",
  md: "hidden md:table-cell",
  lg: "hidden lg:table-cell",
  xl: "hidden xl:table-cell",
};

/** Figures stand at the right. */
export function alignsRight<Row>({ align, unit }: Column<Row>): boolean {
  return align ? align === "right" : unit !== undefined;
}

/** Room, side and narrowest window of a column, the same for its header and its cells. */
export function cellClass<Row>(column: Column<Row>): string {
  return cn(
    column.tight ? "first:pl-4 last:pr-3" : "px-3 first:pl-4 last:pr-4",
    alignsRight(column) ? "text-right" : "text-left",
    column.grow ? "w-full max-w-0" : "whitespace-nowrap",
    column.from && windows[column.from],
  );
}
