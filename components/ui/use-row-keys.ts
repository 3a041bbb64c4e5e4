"use client";

import { useEffect, useEffectEvent, useRef } from "react";

/**
 * Clicks and arrow keys of a table body, delegated: a click anywhere in a row opens it, ↑ and ↓ move between the
 * rows' buttons.
 */
export function useRowKeys<Row>(find: ((key: string) => Row | undefined) | null, open?: (row: Row) => void) {
  const body = useRef<HTMLTableSectionElement>(null);
  const click = useEffectEvent((target: Element) => {
    const other = target.closest("a, input, select, label, button:not([data-open])");
    const key = target.closest<HTMLElement>("tr[data-key]")?.dataset.key;
    if (other || key === undefined || window.getSelection()?.toString()) return;
    const row = find?.(key);
    if (row !== undefined) open?.(row);
  });
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const onClick = (event: MouseEvent) => event.target instanceof Element && click(event.target);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const row = event.target instanceof Element ? event.target.closest("tr") : null;
      const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
      let next = row?.[step];
      let button: HTMLElement | null | undefined;
      // Rows without a control of their own are stepped over.
      for (; next && !button; next = next[step])
        button = next.querySelector<HTMLElement>("[data-open], a, button");
      if (!button) return;
      event.preventDefault();
      button.focus();
      button.scrollIntoView({ block: "nearest" });
    };
    element.addEventListener("click", onClick);
    element.addEventListener("keydown", onKey);
    return () => {
      element.removeEventListener("click", onClick);
      element.removeEventListener("keydown", onKey);
    };
  }, []);
  return body;
}
