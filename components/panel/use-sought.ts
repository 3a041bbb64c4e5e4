"use client";

import { type RefObject, useEffect, useState } from "react";

/** What stands above a panel may still grow for so long after the page came. */
const settlesWithinMs = 5_000;
const moves = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

/**
 * Whether the address asks for this panel (`#id`). Then it is scrolled to, and kept in sight while the page above it
 * settles, until the reader moves. Browsers do so once, before panels are there whose code comes later.
 */
export function useSought(id: string, box: RefObject<HTMLElement | null>): boolean {
  const [sought, setSought] = useState(false);
  useEffect(() => {
    const look = () => setSought(window.location.hash === `#${id}`);
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [id]);

  useEffect(() => {
    const panel = box.current;
    if (!sought || !panel) return;
    const show = () => panel.scrollIntoView({ block: "start", behavior: "instant" });
    const observer = new ResizeObserver(show);
    const stop = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const move of moves) window.removeEventListener(move, stop);
    };
    const timer = setTimeout(stop, settlesWithinMs);
    for (const move of moves) window.addEventListener(move, stop, { passive: true });
    show();
    panel.focus({ preventScroll: true });
    observer.observe(document.body);
    return stop;
  }, [sought, box]);
  return sought;
}
