"use client";

import { cn } from "./cn.ts";
import { DataTableCell } from "./data-table-cell.tsx";
import type { Column, RowChoice } from "./data-table-props.ts";
import { RowBox } from "./row-choice.tsx";
import type { ShownRow } from "./table-model.ts";

interface DataTableRowProps<Row extends object> {
  row: ShownRow<Row>;
  columns: readonly Column<Row>[];
  /** Its place among all rows, from 0. */
  index: number;
  /** Pixels. */
  height: number;
  opens: boolean;
  selected: boolean;
  choice?: RowChoice<Row>;
  /** It is one of a tree. */
  inTree: boolean;
  /** A line under it. */
  ruled: boolean;
}

export function DataTableRow<Row extends object>(props: DataTableRowProps<Row>) {
  const { row, columns, index, height, opens, selected, choice, inTree, ruled } = props;
  return (
    <tr
      data-key={row.id}
      aria-rowindex={index + 2}
      aria-current={selected ? "true" : undefined}
      className={cn(
        ruled && "border-b border-hairline last:border-b-0",
        (opens || inTree) && "hover:bg-hover",
        opens && "cursor-pointer focus-within:bg-hover",
        (selected || choice?.chosen.has(row.id)) && "bg-accent-soft",
      )}
      style={{ height }}
    >
      {choice && <RowBox row={row.original} rowKey={row.id} choice={choice} />}
      {columns.map((column, columnIndex) => (
        <DataTableCell
          key={column.id}
          column={column}
          row={row}
          lead={columnIndex > 0 || column.opensItself ? null : opens ? "opens" : inTree ? "unfolds" : null}
        />
      ))}
    </tr>
  );
}
