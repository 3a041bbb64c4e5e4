"use client";

import { partKey, type ScopePart } from "@/components/requests/decision/decision-draft.ts";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import { heldWords, outcomeOf } from "./scope-words.ts";

const policyColumn: Column<ScopePart> = {
  id: "policy",
  header: "Policy",
  value: partKey,
  cell: ({ policy, target }) => (
    <>
      {policy} <span className="text-muted max-sm:hidden">on {target}</span>
    </>
  ),
  title: partKey,
  grow: true,
};
const eventsColumn: Column<ScopePart> = {
  id: "events",
  header: "Events",
  value: ({ events }) => events,
  unit: "count",
};
const lawColumn: Column<ScopePart> = {
  id: "law",
  header: "Law",
  value: ({ legalBasis, basis }) => legalBasis ?? basis ?? "",
  cell: ({ legalBasis, basis }) => (
    <span className="block max-w-60 truncate">{legalBasis ?? basis?.replaceAll("_", " ") ?? "–"}</span>
  ),
  title: ({ legalBasis, basis }) => legalBasis ?? basis?.replaceAll("_", " "),
  from: "lg",
};

const outcomeColumn = (kind: RequestKind): Column<ScopePart> => ({
  id: "outcome",
  header: "If granted",
  value: (part) => outcomeOf(kind, part).words,
  cell: (part) => {
    const { state, words } = outcomeOf(kind, part);
    return <StateBadge state={state}>{words}</StateBadge>;
  },
});

/** Of what is to be erased: what keeps it, and until when. */
export const erasureColumns: Column<ScopePart>[] = [
  policyColumn,
  eventsColumn,
  {
    id: "free",
    header: "Free",
    value: ({ free }) => free,
    unit: "count",
    from: "md",
    help: "Neither a floor nor a hold keeps them",
  },
  {
    id: "floored",
    header: "Floor",
    value: ({ floored }) => floored,
    unit: "count",
    from: "md",
    help: "Kept by a floor of retention for now",
  },
  {
    id: "held",
    header: "Held",
    value: ({ held }) => held,
    unit: "count",
    from: "md",
    help: "Kept by a hold, a restriction or the quarantine",
    title: (part) => (part.held > 0 ? heldWords(part) : undefined),
  },
  lawColumn,
  outcomeColumn("erasure"),
];

/** Of what is handed out: nothing keeps that from being copied. */
export const handedColumns: Column<ScopePart>[] = [
  policyColumn,
  eventsColumn,
  lawColumn,
  outcomeColumn("access"),
];
