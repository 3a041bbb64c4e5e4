import { UserRoundPen } from "lucide-react";
import type { Column } from "@/components/ui/data-table-props.ts";
import { Time } from "@/components/ui/time.tsx";
import { type CheckRow, standingRank } from "./check-rows.ts";
import { CheckStateBadge } from "./check-state.tsx";
import { formatFigure, limitsText, standingWords, stateLabel } from "./check-words.ts";

const target: Column<CheckRow> = {
  id: "target",
  header: "Target",
  value: ({ standing }) => standing.target,
  from: "sm",
};

const others: readonly Column<CheckRow>[] = [
  {
    id: "value",
    header: "Value",
    help: "The figure of the worst object",
    value: ({ standing }) => standing.worst?.value ?? null,
    cell: ({ check, standing }) => formatFigure(standing.worst?.value ?? null, check.unit),
    unit: "count",
    title: ({ standing }) => standing.worst?.name,
    from: "md",
  },
  {
    id: "limits",
    header: "Limits",
    help: "Where warning and critical begin",
    value: ({ check, standing }) => limitsText(check, standing.limits),
    cell: ({ check, standing }) => <Limits row={{ check, standing }} />,
    sortable: false,
    from: "md",
  },
  {
    id: "objects",
    header: "Objects",
    value: ({ standing }) => Object.values(standing.counts).reduce((sum, count) => sum + count, 0),
    unit: "count",
    from: "lg",
  },
  {
    id: "evaluated",
    header: "Evaluated",
    value: ({ standing }) => standing.evaluatedAt,
    cell: ({ standing }) =>
      standing.evaluatedAt === null ? (
        <span className="text-faint">never</span>
      ) : (
        <Time
          at={standing.evaluatedAt}
          className={standing.freshness === "old" ? "font-medium text-warning" : "text-muted"}
        />
      ),
    from: "lg",
  },
];

const check = (severalTargets: boolean): Column<CheckRow> => ({
  id: "check",
  header: "Check",
  value: ({ check, standing }) => [check.title, check.id, standingWords(standing)].filter(Boolean).join(" "),
  cell: ({ check, standing }) => (
    <>
      <span className="font-medium">{check.title}</span>
      {severalTargets && <span className="ml-2 text-muted sm:hidden">{standing.target}</span>}
      <span className="ml-2 text-muted">{standingWords(standing)}</span>
    </>
  ),
  title: ({ check, standing }) => standingWords(standing) ?? check.id,
  grow: true,
});

const state: Column<CheckRow> = {
  id: "state",
  header: "State",
  value: ({ standing }) => stateLabel(standing),
  rank: ({ standing }) => standingRank(standing),
  cell: ({ standing }) => (
    <CheckStateBadge state={standing.state} freshness={standing.freshness} words={stateLabel(standing)} />
  ),
  width: 120,
};

const ofOne = [check(false), state, ...others];
const ofSeveral = [check(true), state, target, ...others];

/** @param severalTargets whether a column says which one a row is about */
export function checkColumns(severalTargets: boolean): Column<CheckRow>[] {
  return severalTargets ? ofSeveral : ofOne;
}

function Limits({ row: { check, standing } }: { row: Pick<CheckRow, "check" | "standing"> }) {
  const text = limitsText(check, standing.limits);
  if (text === null) return <span className="text-faint">–</span>;
  const { setBy } = standing.limits ?? {};
  const note = setBy
    ? `Set by ${setBy.name}`
    : standing.ownLimits > 0
      ? `${standing.ownLimits} ${standing.ownLimits === 1 ? "object has" : "objects have"} limits of their own`
      : null;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      {text}
      {note && (
        <span title={note} className="text-accent">
          <UserRoundPen aria-hidden className="size-3.5" />
          <span className="sr-only">{note}</span>
        </span>
      )}
    </span>
  );
}
