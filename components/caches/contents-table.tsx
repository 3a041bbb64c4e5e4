"use client";

import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import { contentsColumns } from "./contents-columns.tsx";
import { type ContentsRow, groupContents } from "./contents-figures.ts";

interface ContentsTableProps {
  statements: readonly StatementContents[];
  withShared: boolean;
  /** Redis holds more than was counted. */
  sharedPartial: boolean;
  mayDrop: boolean;
}

const mostSavedFirst = { id: "savedMs", desc: true };
/** Closer than usual: a topic's statements are read as a list. */
const rowHeight = 30;
const statementsOf = (row: ContentsRow) => row.statements;

/** A row a topic, opened to its statements. */
export function ContentsTable({ statements, withShared, sharedPartial, mayDrop }: ContentsTableProps) {
  const [open, setOpen] = useQueryState("contents", parseAsArrayOf(parseAsString).withDefault([]));
  const topics = useMemo(() => groupContents(statements), [statements]);
  const columns = useMemo(
    () => contentsColumns({ withShared, sharedPartial, mayDrop }),
    [withShared, sharedPartial, mayDrop],
  );
  return (
    <DataTable
      id="contents"
      label="Cached answers"
      rows={topics}
      columns={columns}
      rowKey={(row) => row.name}
      defaultSort={mostSavedFirst}
      tree={{ below: statementsOf, open, onOpen: (keys) => void setOpen(keys) }}
      rowHeight={rowHeight}
      maxHeight={490}
      toolbar={false}
    />
  );
}
