"use client";

import { useRef } from "react";

/** What had the focus when the newest one opened; null once it was given back. */
let newest: Element | null = null;

/**
 * Gives the focus back to whatever had it when a dialog or sheet opened. Radix does so only for a trigger of its
 * own, and ours are opened from elsewhere. Not when somebody has meanwhile put the focus on the page behind. One that
 * takes another's place, such as a job that of its plan, gives it back to where that was opened; where that has left the
 * page meanwhile, to the page's own place for it.
 */
export function useReturnFocus() {
  const before = useRef<Element | null>(null);
  return {
    remember: () => {
      const held = document.activeElement;
      before.current = isNowhere(held) ? newest : held;
      newest = before.current;
    },
    giveBack: (event: Event) => {
      event.preventDefault();
      if (!isNowhere(document.activeElement)) return;
      if (before.current instanceof HTMLElement) before.current.focus();
      if (before.current && !before.current.isConnected) focusHome();
      newest = null;
    },
  };
}

/** For when what had the focus has left the page: the place that a page names for it, if it does. */
export function focusHome(): void {
  document.querySelector<HTMLElement>("[data-focus-home]")?.focus({ preventScroll: true });
}

export const isNowhere = (held: Element | null) => held === null || held === document.body;
