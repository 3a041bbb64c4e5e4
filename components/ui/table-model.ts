import {
  columnFilteringFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createExpandedRowModel,
  createFilteredRowModel,
  createSortedRowModel,
  filterFn_includesString,
  globalFilteringFeature,
  rowExpandingFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_datetime,
  type Row as TableRow,
  tableFeatures,
} from "@tanstack/react-table";
import type { Column } from "./data-table-props.ts";

/** What our tables use of the library: filtered, then sorted, then opened rows. */
export const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  columnVisibilityFeature,
  rowExpandingFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  expandedRowModel: createExpandedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic, datetime: sortFn_datetime },
  filterFns: { includesString: filterFn_includesString },
});

export type ShownRow<Row extends object> = TableRow<typeof features, Row>;

/** Our columns in the library's terms: the unknown comes last either way, figures begin with the largest. */
export function defineColumns<Row extends object>(columns: readonly Column<Row>[]) {
  const helper = createColumnHelper<typeof features, Row>();
  return helper.columns(
    columns.map((column) =>
      helper.accessor((row) => column.value(row) ?? undefined, {
        id: column.id,
        header: column.header,
        enableSorting: column.sortable !== false,
        sortUndefined: "last",
        sortFn: column.rank ? byRank(column.rank) : column.unit ? "basic" : "auto",
        sortDescFirst: column.unit !== undefined || column.rank !== undefined,
      }),
    ),
  );
}

function byRank<Row extends object>(rank: (row: Row) => number) {
  return (a: ShownRow<Row>, b: ShownRow<Row>) => rank(a.original) - rank(b.original);
}
