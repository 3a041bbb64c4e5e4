import type { ReactNode } from "react";
import type { Unit } from "@/lib/collector/types.ts";

export type CellValue = string | number | boolean | Date | null | undefined;

export interface Column<Row> {
  id: string;
  header: string;
  /** What is sorted, filtered and written to the CSV. */
  value: (row: Row) => CellValue;
  /** What it is sorted by, where that is not the value: a state's rank. */
  rank?: (row: Row) => number;
  /** How it is drawn; the value itself when left out. */
  cell?: (row: Row) => ReactNode;
  unit?: Unit;
  /** Hover of the header: what the figure is. */
  help?: string;
  /** Hover of the cell; the exact value when left out. */
  title?: (row: Row) => string | undefined;
  align?: "left" | "right";
  /** The narrowest window in which it stands: 640, 768, 1,024 or 1,280 px; every window when left out. */
  from?: "sm" | "md" | "lg" | "xl" | undefined;
  /** Hidden until somebody turns it on. */
  hidden?: boolean;
  /** Takes the room that is left; its text is cut off. */
  grow?: boolean;
  /** Pixels. */
  width?: number;
  /** No room towards the next column: this one's content or the next one's keeps the distance itself. */
  tight?: boolean;
  /** false: the header is no button. */
  sortable?: boolean;
  /** The header is there for screen readers alone. */
  silentHeader?: boolean;
  /** Its cell draws the link or button of the row itself, so none is put around it. */
  opensItself?: boolean;
}

export interface TableSort {
  id: string;
  desc: boolean;
}

export interface RowChoice<Row> {
  /** Keys of the chosen rows, also of some that are not shown. */
  chosen: ReadonlySet<string>;
  /** @param rows some of those shown */
  onChoose: (rows: readonly Row[], chosen: boolean) => void;
  /** What a row's box is called: "Select audit_log_2026_11". */
  label: (row: Row) => string;
}

export interface DataTableProps<Row> {
  /** Prefix of its URL parameters and name of its CSV. */
  id: string;
  /** What the rows are, in the plural: "Statements". */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  defaultSort?: TableSort;
  /** The rows come sorted like this; another order is asked for elsewhere instead of sorting them here. */
  askedSort?: { sort: TableSort; onSort: (sort: TableSort) => void };
  /** Rows that open to rows below them, and the keys of those that are open. */
  tree?: {
    below: (row: Row) => readonly Row[] | undefined;
    open: readonly string[];
    onOpen: (keys: string[]) => void;
  };
  /** Makes rows clickable; the first column becomes the button of its row. */
  onRowClick?: (row: Row) => void;
  /** The row whose sheet is open. */
  selectedKey?: string | null;
  /** Rows may be chosen for something done to all of them: a box before each, and one for all that are shown. */
  choice?: RowChoice<Row>;
  /** Pixels; default 34. */
  rowHeight?: number;
  /** Pixels before the table scrolls; default 560. `Infinity`: it grows with its rows, and all are drawn. */
  maxHeight?: number;
  /** Words when there are no rows at all. */
  empty?: string;
  /** false leaves out filter, column choice and CSV. */
  toolbar?: boolean;
  /** Beside the filter. */
  actions?: ReactNode;
}
