"use client";

import { Columns3, Download } from "lucide-react";
import type { ReactNode } from "react";
import { toCsv } from "@/lib/client/csv.ts";
import { downloadText } from "@/lib/client/download.ts";
import { IconButton } from "./button.tsx";
import type { Column } from "./data-table-props.ts";
import { DropdownMenu, MenuCheck, MenuLabel } from "./dropdown-menu.tsx";
import { FilterInput } from "./input.tsx";

interface ToolbarProps<Row> {
  id: string;
  label: string;
  filter: string;
  onFilter: (filter: string) => void;
  shown: readonly Row[];
  total: number;
  columns: readonly Column<Row>[];
  visibility: Record<string, boolean>;
  onVisibility: (visibility: Record<string, boolean>) => void;
  actions?: ReactNode;
}

/** Filter, count, choice of columns, CSV of what is shown. */
export function DataTableToolbar<Row>(props: ToolbarProps<Row>) {
  const { id, label, filter, onFilter, shown, total, columns, visibility, onVisibility, actions } = props;
  function download() {
    const visible = columns.filter((column) => visibility[column.id] !== false);
    const csv = toCsv({
      columns: visible.map(({ header, unit }) => ({ label: header, ...(unit && { unit }) })),
      rows: shown.map((row) => visible.map((column) => column.value(row))),
    });
    downloadText(csv, `${id}.csv`, "text/csv");
  }
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 px-4 pb-2">
      <FilterInput
        value={filter}
        onChange={onFilter}
        label={`Filter ${label.toLowerCase()}`}
        className="w-56"
      />
      <span className="text-xs text-faint" aria-live="polite">
        {shown.length === total
          ? total.toLocaleString("en-GB")
          : `${shown.length} of ${total.toLocaleString("en-GB")}`}
      </span>
      {actions}
      <div className="ml-auto flex">
        <DropdownMenu
          label="Columns"
          trigger={
            <IconButton label="Columns" size="sm">
              <Columns3 />
            </IconButton>
          }
        >
          <MenuLabel>Columns</MenuLabel>
          {columns.slice(1).map((column) => (
            <MenuCheck
              key={column.id}
              checked={visibility[column.id] !== false}
              onChange={(checked) => onVisibility({ ...visibility, [column.id]: checked })}
            >
              {column.header}
            </MenuCheck>
          ))}
        </DropdownMenu>
        <IconButton label="Download CSV" size="sm" onClick={download}>
          <Download />
        </IconButton>
      </div>
    </div>
  );
}
