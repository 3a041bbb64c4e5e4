"use client";

import { type RefObject, useEffect, useRef } from "react";

/** Room for the top bar, as the panels' own `scroll-mt-16`. */
const barPixels = 64;

/**
 * A turned page begins at its top: once its rows are there the list around `box` is scrolled to, and its first row has
 * the focus. Answers what to call when somebody turns; the browser's Back keeps the place it remembers.
 */
export function useListTop(box: RefObject<HTMLElement | null>, page: string | number | null, there: boolean) {
  const turned = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that is known already arrives with its number.
  useEffect(() => {
    if (!turned.current || !there) return;
    turned.current = false;
    const list = box.current?.closest<HTMLElement>("section[id]");
    if (!list) return;
    for (const scroller of list.querySelectorAll("section")) scroller.scrollTop = 0;
    if (list.getBoundingClientRect().top < barPixels) list.scrollIntoView({ block: "start" });
    const first = list.querySelector<HTMLElement>("tbody a, tbody button");
    first?.focus({ preventScroll: true });
  }, [page, there]);
  return () => {
    turned.current = true;
  };
}
