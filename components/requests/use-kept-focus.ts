"use client";

import { type FocusEvent, useEffect, useRef } from "react";
import { focusHome, isNowhere } from "@/components/ui/use-return-focus.ts";

/**
 * Keeps the focus where somebody works: when what had it leaves the page or may not be pressed any more, such as the
 * button of a step that a job has begun, it goes to the place that is marked with `data-focus-home`. `onFocus` belongs to what holds all of it.
 */
export function useKeptFocus() {
  const last = useRef<Element | null>(null);
  // Whatever was rendered anew may have taken it away.
  useEffect(() => {
    const had = last.current;
    if (!had || (had.isConnected && !had.matches(":disabled"))) return;
    last.current = null;
    if (isNowhere(document.activeElement) || document.activeElement === had) focusHome();
  });
  return {
    onFocus: ({ currentTarget, target }: FocusEvent) => {
      // What stands in a dialog gives it back by itself.
      if (currentTarget.contains(target)) last.current = target;
    },
  };
}
