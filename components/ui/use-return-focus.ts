"use client";

import { useRef } from "react";

/**
 * Gives the focus back to whatever had it when a dialog or sheet opened. Radix does so only for a trigger of its
 * own, and ours are opened from elsewhere. Not when somebody has meanwhile put the focus on the page behind.
 */
export function useReturnFocus() {
  const before = useRef<Element | null>(null);
  return {
    remember: () => {
      before.current = document.activeElement;
    },
    giveBack: (event: Event) => {
      event.preventDefault();
      const held = document.activeElement;
      const free = held === null || held === document.body;
      if (free && before.current instanceof HTMLElement) before.current.focus();
    },
  };
}
