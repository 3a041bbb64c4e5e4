"use client";

import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Domain } from "./strip-geometry.ts";
import type { StripLayout } from "./strip-layout.ts";

/** Shorter drags are clicks. */
const minDragPixels = 6;

/**
 * Dragging with mouse or pen zooms, a double click shows all.
 * @returns the stretch being dragged over, in pixels of the box; `onZoom` null (no clock) drags nothing.
 */
export function useStripDrag(
  box: RefObject<HTMLElement | null>,
  layout: StripLayout,
  domain: Domain,
  onZoom: ((zoom: Domain | null) => void) | null,
): [number, number] | null {
  const start = useRef<number | null>(null);
  const [span, setSpan] = useState<[number, number] | null>(null);
  const xOf = useEffectEvent((event: PointerEvent) => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    return Math.min(layout.plotLeft + layout.plotWidth, Math.max(layout.plotLeft, x));
  });
  const down = useEffectEvent((event: PointerEvent) => {
    if (event.button === 0 && event.pointerType !== "touch" && onZoom) start.current = xOf(event);
  });
  const move = useEffectEvent((event: PointerEvent) => {
    const from = start.current;
    if (from === null) return;
    const to = xOf(event);
    if (span || Math.abs(to - from) >= minDragPixels) setSpan([Math.min(from, to), Math.max(from, to)]);
  });
  const up = useEffectEvent(() => {
    start.current = null;
    if (!span) return;
    const timeAt = (x: number) =>
      domain.fromMs + ((x - layout.plotLeft) / layout.plotWidth) * (domain.toMs - domain.fromMs);
    onZoom?.({ fromMs: timeAt(span[0]), toMs: timeAt(span[1]) });
    // The click that ends a drag opens nothing; it follows at once or never.
    const swallow = (event: MouseEvent) => event.stopPropagation();
    window.addEventListener("click", swallow, { capture: true });
    setTimeout(() => {
      window.removeEventListener("click", swallow, { capture: true });
      setSpan(null);
    });
  });
  const all = useEffectEvent(() => onZoom?.(null));

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const listening = new AbortController();
    const { signal } = listening;
    element.addEventListener("pointerdown", (event) => down(event), { signal });
    window.addEventListener("pointermove", (event) => move(event), { signal });
    window.addEventListener("pointerup", () => up(), { signal });
    element.addEventListener("dblclick", () => all(), { signal });
    return () => listening.abort();
  }, [box]);
  return span;
}
