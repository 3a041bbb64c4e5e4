"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import type { RefObject } from "react";

const virtualFrom = 200;

interface VirtualRowsOptions {
  scroller: RefObject<HTMLElement | null>;
  /** Pixels. */
  rowHeight: number;
  /** false draws every row. */
  enabled: boolean;
}

/** Of many rows those that are seen, and the room (pixels) that the others take above and below. */
export function useVirtualRows<Row>(rows: readonly Row[], options: VirtualRowsOptions) {
  const virtual = options.enabled && rows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => options.scroller.current,
    estimateSize: () => options.rowHeight,
    overscan: 12,
    enabled: virtual,
  });
  if (!virtual) return { first: 0, drawn: rows, above: 0, below: 0 };
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  return {
    /** Place of the first one drawn. */
    first,
    drawn: rows.slice(first, (items.at(-1)?.index ?? -1) + 1),
    above: items[0]?.start ?? 0,
    below: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
  };
}
