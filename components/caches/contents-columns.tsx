"use client";

import { cn } from "@/components/ui/cn.ts";
import type { Column } from "@/components/ui/data-table-props.ts";
import { formatValue } from "@/lib/client/format.ts";
import { type ContentsFigure, type ContentsRow, contentsFigures } from "./contents-figures.ts";
import { DropButton } from "./drop-answers.tsx";

interface ContentsColumnsOptions {
  withShared: boolean;
  /** The second level's figures are lower bounds. */
  sharedPartial: boolean;
  mayDrop: boolean;
}

/** A tag, its figures, and for those who may the button that drops its answers. */
export function contentsColumns({
  withShared,
  sharedPartial,
  mayDrop,
}: ContentsColumnsOptions): Column<ContentsRow>[] {
  return [
    {
      id: "name",
      header: "Tag",
      value: ({ name }) => name,
      cell: (row) => <Tag row={row} />,
      grow: true,
      tight: true,
    },
    ...contentsFigures
      .filter(({ shared }) => withShared || !shared)
      .map((figure) => figureColumn(figure, figure.bounded === true && sharedPartial)),
    ...(mayDrop ? [drop] : []),
  ];
}

function figureColumn(figure: ContentsFigure, atLeast: boolean): Column<ContentsRow> {
  const { id, header, help, unit, from } = figure;
  return {
    id,
    header,
    help,
    unit,
    from,
    value: (row) => row[id],
    cell: (row) => (
      <span className={cn(!row.statements && "text-muted")}>
        {atLeast && row[id] !== null && "≥ "}
        {formatValue(row[id], unit)}
      </span>
    ),
  };
}

const drop: Column<ContentsRow> = {
  id: "drop",
  header: "Drop",
  value: () => null,
  cell: ({ name }) => <DropButton tag={name} />,
  align: "right",
  sortable: false,
  silentHeader: true,
  tight: true,
};

/** A topic with how many statements it has, or a statement under its topic. */
function Tag({ row: { name, topic, statements } }: { row: ContentsRow }) {
  if (statements)
    return (
      <>
        <span className="truncate font-medium">{topic}</span>
        <span className="shrink-0 text-xs text-faint">{statements.length}</span>
      </>
    );
  return (
    <span className="font-mono text-xs text-muted">
      <span className="max-sm:sr-only">{topic}.</span>
      {name.slice(topic.length + 1)}
    </span>
  );
}
