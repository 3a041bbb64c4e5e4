"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import type { CacheContents } from "@/lib/answers/query-cache-types.ts";
import { formatBytes, formatMs, formatNumber } from "@/lib/client/format.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { contentsFigures } from "./contents-figures.ts";
import { ContentsTable } from "./contents-table.tsx";
import { DropAll, DropTags } from "./drop-answers.tsx";

const sharedNotes: Record<CacheContents["shared"], string> = {
  counted: "",
  part: " · Redis holds more than was counted",
  away: " · Redis cannot be asked now",
  not_configured: "",
};

/** Which statements' answers are kept, what they take and what that saves; by tag, so that they can be dropped. */
export function ContentsPanel() {
  const { person } = useConsole();
  const read = useRead("cacheContents", {});
  const mayDrop = roleReaches(person.role, "operator");
  return (
    <Panel
      id="cache-contents"
      title="What the query cache holds"
      unit="by topic and statement"
      read={read}
      height={240}
      flush
      info={{
        what: "Answers of this target in the memory of every living process, and in Redis where there is one. Reads count since each process started. Saved is an estimate: the reads that needed no run, times the mean time of a run on the server. Dropping answers loses nothing: they are read again when somebody asks.",
      }}
      actions={mayDrop && read.data && <DropAll any={read.data.statements.length > 0} />}
      empty={({ statements }) => statements.length === 0 && "No process has been asked anything yet"}
      table={({ statements }) => ({
        columns: [
          { label: "statement" },
          ...contentsFigures.map(({ header, unit }) => ({ label: header, unit })),
        ],
        rows: statements.map((row) => [row.name, ...contentsFigures.map(({ id }) => row[id])]),
      })}
    >
      {({ statements, processes, shared }) => (
        <>
          <p className="px-4 pb-2 text-sm text-muted">
            {summary(statements, processes)}
            {sharedNotes[shared]}
          </p>
          <DropTags>
            <ContentsTable
              statements={statements}
              withShared={shared !== "not_configured"}
              sharedPartial={shared === "part"}
              mayDrop={mayDrop}
            />
          </DropTags>
        </>
      )}
    </Panel>
  );
}

function summary(statements: CacheContents["statements"], processes: number): string {
  const sum = (figure: "entries" | "bytes" | "savedMs") =>
    statements.reduce((all, row) => all + (row[figure] ?? 0), 0);
  const where = `${processes} ${processes === 1 ? "process" : "processes"}`;
  return `${formatNumber(sum("entries"))} answers in ${where}, ${formatBytes(sum("bytes"))} · about ${formatMs(sum("savedMs"))} of the server's time saved`;
}
