"use client";

import {
  parseAsInteger,
  parseAsIsoDateTime,
  parseAsString,
  parseAsStringLiteral,
  useQueryState,
  useQueryStates,
} from "nuqs";
import { useCallback, useMemo } from "react";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { parseTableName } from "./partition-inputs.ts";
import type { Domain } from "./strip-geometry.ts";
import { shadings } from "./strip-shade.ts";

/** Which partitioned table is shown; null for the largest. */
export function useChosenTable() {
  const [text, setText] = useQueryState("table", parseAsString.withOptions({ history: "push" }));
  return { text, table: useMemo(() => parseTableName(text), [text]), choose: setText };
}

/** The partition whose sheet is open, as `qualify` writes it. */
export function useOpenPartition() {
  return useOpenSheet("partition", parseAsString);
}

export function useShading() {
  return useQueryState("colour", parseAsStringLiteral(shadings).withDefault("size"));
}

export function useTablePage() {
  return useQueryState("page", parseAsInteger.withDefault(1));
}

/** The stretch of time the strip is zoomed to; null for all of it. */
export function useStripZoom() {
  const [{ "strip-from": from, "strip-to": to }, set] = useQueryStates(
    { "strip-from": parseAsIsoDateTime, "strip-to": parseAsIsoDateTime },
    { history: "replace" },
  );
  const [fromMs, toMs] = [from?.getTime(), to?.getTime()];
  const zoom = useMemo<Domain | null>(
    () => (fromMs !== undefined && toMs !== undefined && fromMs < toMs ? { fromMs, toMs } : null),
    [fromMs, toMs],
  );
  const setZoom = useCallback(
    (next: Domain | null) =>
      void set({
        "strip-from": next ? new Date(Math.round(next.fromMs)) : null,
        "strip-to": next ? new Date(Math.round(next.toMs)) : null,
      }),
    [set],
  );
  return { zoom, setZoom };
}
