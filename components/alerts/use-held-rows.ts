"use client";

import { useState } from "react";
import { type HeldRow, holdRows, showRows } from "./hold-rows.ts";

interface Kept<Row> {
  /** What the rows are of: another filter or page begins anew. */
  of: string;
  next: readonly Row[];
  rows: readonly HeldRow<Row>[];
  waiting: number;
}

/**
 * The rows to show, held in their places while `held`; `letGo` shows the list as it is, whoever points at it.
 * @param of what the rows are of, as text
 */
export function useHeldRows<Row extends { id: string }>(next: readonly Row[], of: string, held: boolean) {
  const [kept, setKept] = useState<Kept<Row>>(() => ({ of, next, ...showRows(next) }));
  const [wasHeld, setWasHeld] = useState(held);
  let shown = kept;
  if (kept.of !== of || kept.next !== next || wasHeld !== held) {
    shown = { of, next, ...(held && kept.of === of ? holdRows(kept.rows, next) : showRows(next)) };
    setKept(shown);
    setWasHeld(held);
  }
  return {
    rows: shown.rows,
    waiting: shown.waiting,
    letGo: () => setKept((last) => ({ ...last, ...showRows(last.next) })),
  };
}
