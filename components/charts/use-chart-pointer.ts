"use client";

import { type RefObject, useEffect, useEffectEvent } from "react";
import { crosshair } from "./crosshair.ts";

/** The drawing's inner rectangle in pixels of its box. */
export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Options {
  fromMs: number;
  toMs: number;
  onHover: (t: number | null) => void;
  onDrag: (span: [number, number] | null) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}

/** Shorter drags are clicks. */
const minDragPixels = 6;

/** Pointer over a chart: hover moves the page's crosshair, drag (mouse, pen) picks a range, double click resets. */
export function useChartPointer(box: RefObject<HTMLElement | null>, plot: Plot, options: Options) {
  const timeAt = useEffectEvent((clientX: number, clientY: number): number | null => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect) return null;
    const x = clientX - rect.left;
    const y = clientY - rect.top;
    if (x < plot.left || x > plot.left + plot.width || y < 0 || y > plot.top + plot.height) return null;
    return options.fromMs + ((x - plot.left) / plot.width) * (options.toMs - options.fromMs);
  });
  const hover = useEffectEvent((t: number | null) => {
    crosshair.set(t);
    options.onHover(t);
  });
  const drag = useEffectEvent(options.onDrag);
  const zoom = useEffectEvent(options.onZoom);
  const reset = useEffectEvent(options.onReset);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let start: { t: number; x: number } | null = null;
    let end: number | null = null;

    const move = (event: PointerEvent) => {
      const t = timeAt(event.clientX, event.clientY);
      if (start && Math.abs(event.clientX - start.x) >= minDragPixels) {
        end = t ?? end;
        if (end !== null) drag([start.t, end]);
      }
      hover(t);
    };
    const down = (event: PointerEvent) => {
      const t = timeAt(event.clientX, event.clientY);
      if (event.pointerType === "touch") return hover(t);
      if (event.button !== 0 || t === null) return;
      event.preventDefault();
      start = { t, x: event.clientX };
      end = null;
      element.setPointerCapture(event.pointerId);
    };
    const up = () => {
      const picked =
        start && end !== null ? ([start.t, end].sort((a, b) => a - b) as [number, number]) : null;
      start = null;
      end = null;
      drag(null);
      if (picked && picked[1] - picked[0] >= 1_000) zoom(...picked);
    };
    const leave = () => hover(null);
    const double = (event: MouseEvent) => {
      if (timeAt(event.clientX, event.clientY) !== null) reset();
    };
    const giveUp = (event: KeyboardEvent) => {
      if (event.key === "Escape" && start) {
        start = null;
        end = null;
        drag(null);
      }
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", leave);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("dblclick", double);
    window.addEventListener("keydown", giveUp);
    return () => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", leave);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("dblclick", double);
      window.removeEventListener("keydown", giveUp);
      hover(null);
    };
  }, [box]);
}
