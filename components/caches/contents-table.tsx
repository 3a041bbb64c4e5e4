"use client";

import { ChevronRight } from "lucide-react";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { cn } from "@/components/ui/cn.ts";
import type { StatementContents } from "@/lib/answers/query-cache-types.ts";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import {
  type ContentsFigure,
  contentsFigures,
  groupContents,
  parseContentsSort,
} from "./contents-figures.ts";
import { ContentsHead } from "./contents-head.tsx";
import { DropButton } from "./drop-answers.tsx";

const priorities = { 1: "", 2: "hidden sm:table-cell", 3: "hidden lg:table-cell" };
const figureCell = (figure: ContentsFigure) =>
  cn("px-3 text-right whitespace-nowrap tabular-nums", priorities[figure.priority]);

interface ContentsTableProps {
  statements: readonly StatementContents[];
  withShared: boolean;
  /** Redis holds more than was counted. */
  sharedPartial: boolean;
  mayDrop: boolean;
}

/** A row a topic, opened to its statements. */
export function ContentsTable({ statements, withShared, sharedPartial, mayDrop }: ContentsTableProps) {
  const [sortText, setSort] = useQueryState("contents-sort", parseAsString);
  const [open, setOpen] = useQueryState("contents", parseAsArrayOf(parseAsString).withDefault([]));
  const sort = parseContentsSort(sortText);
  const figures = contentsFigures.filter(({ shared }) => withShared || !shared);
  const sortBy = (id: typeof sort.id) => {
    const desc = sort.id === id ? !sort.desc : id !== "name";
    void setSort(`${id}.${desc ? "desc" : "asc"}`);
  };
  const toggle = (topic: string) =>
    void setOpen(open.includes(topic) ? open.filter((each) => each !== topic) : [...open, topic]);
  return (
    <section aria-label="Cached answers" className="max-h-140 min-w-0 overflow-auto">
      <table className="w-full border-collapse text-sm">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr className="h-8.5">
            <ContentsHead
              label="Tag"
              sorted={sort.id === "name" ? sort.desc : null}
              onSort={() => sortBy("name")}
              className="w-full pl-4 text-left"
            />
            {figures.map((figure) => (
              <ContentsHead
                key={figure.id}
                label={figure.header}
                help={figure.help}
                sorted={sort.id === figure.id ? sort.desc : null}
                onSort={() => sortBy(figure.id)}
                className={figureCell(figure)}
              />
            ))}
            {mayDrop && (
              <th scope="col" className="pr-4 shadow-[inset_0_-1px_0_var(--hairline)]">
                <span className="sr-only">Drop</span>
              </th>
            )}
          </tr>
        </thead>
        {groupContents(statements, sort).map((topic) => {
          const opened = open.includes(topic.topic);
          return (
            <tbody key={topic.topic} className="border-b border-hairline last:border-b-0">
              <Row row={topic} figures={figures} atLeast={sharedPartial} mayDrop={mayDrop} strong>
                <button
                  type="button"
                  aria-expanded={opened}
                  onClick={() => toggle(topic.topic)}
                  className="flex w-full items-center gap-1.5 text-left"
                >
                  <ChevronRight
                    aria-hidden
                    className={cn(
                      "size-4 shrink-0 text-faint transition-transform motion-reduce:transition-none",
                      opened && "rotate-90",
                    )}
                  />
                  <span className="truncate font-medium">{topic.topic}</span>
                  <span className="shrink-0 text-xs text-faint">{topic.statements.length}</span>
                </button>
              </Row>
              {opened &&
                topic.statements.map((row) => (
                  <Row key={row.name} row={row} figures={figures} atLeast={sharedPartial} mayDrop={mayDrop}>
                    <span className="block truncate pl-5.5 font-mono text-xs text-muted" title={row.name}>
                      <span className="max-sm:sr-only">{topic.topic}.</span>
                      {row.name.slice(topic.topic.length + 1)}
                    </span>
                  </Row>
                ))}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}

interface RowProps {
  row: StatementContents;
  figures: readonly ContentsFigure[];
  /** The second level's figures are lower bounds. */
  atLeast: boolean;
  mayDrop: boolean;
  strong?: boolean;
  children: React.ReactNode;
}

function Row({ row, figures, atLeast, mayDrop, strong, children }: RowProps) {
  const lowerBound = (id: ContentsFigure["id"]) =>
    atLeast && (id === "sharedEntries" || id === "sharedBytes") && row[id] !== null ? "≥ " : "";
  return (
    <tr data-key={row.name} className="h-8.5 hover:bg-hover">
      <td className="max-w-0 pl-4">{children}</td>
      {figures.map((figure) => (
        <td
          key={figure.id}
          title={formatExact(row[figure.id], figure.unit)}
          className={cn(figureCell(figure), !strong && "text-muted")}
        >
          {lowerBound(figure.id)}
          {formatValue(row[figure.id], figure.unit)}
        </td>
      ))}
      {mayDrop && (
        <td className="pr-3 text-right">
          <DropButton tag={row.name} />
        </td>
      )}
    </tr>
  );
}
