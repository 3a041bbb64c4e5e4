"use client";

import { type KeyboardEvent, useEffect, useEffectEvent, useRef } from "react";
import { afterG, typing } from "@/components/shell/shortcuts.ts";
import { singleKeys } from "@/lib/client/single-keys.ts";

/** What a key asks for; the row is the one that has the focus. */
export interface ListKeys {
  /** `x` */
  choose(id: string): void;
  /** `a`, `s`, `c`, `e` */
  act(key: VerbKey, id: string): void;
  /** `u` */
  back(): void;
}
const verbKeys = ["a", "s", "c", "e"] as const;
export type VerbKey = (typeof verbKeys)[number];

/**
 * The keys of a mail client over a list of rows (`[data-incident]`, each with a `[data-open]`): j and k or the arrows
 * move, x selects, a, s, c and e act. They count only while a row has the focus, but that j and k also enter the list
 * from the page around it; whoever turned single keys off has the arrows alone.
 */
export function useListKeys(keys: ListKeys) {
  const list = useRef<HTMLUListElement>(null);
  const move = (step: 1 | -1) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-open]") ?? [])];
    const row = document.activeElement?.closest("[data-incident]")?.querySelector<HTMLElement>("[data-open]");
    const at = row ? rows.indexOf(row) + step : 0;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  function onKeyDown(event: KeyboardEvent) {
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
    const id = (event.target as Element).closest<HTMLElement>("[data-incident]")?.dataset.incident;
    const key = event.key.toLowerCase();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (!singleKeys.on() || afterG()) return;
    else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "u") keys.back();
    else if (id === undefined) return;
    else if (key === "x") keys.choose(id);
    else if (isVerbKey(key)) keys.act(key, id);
    else return;
    event.preventDefault();
  }

  const enter = useEffectEvent((event: globalThis.KeyboardEvent) => {
    const inside = list.current?.contains(document.activeElement);
    if (inside || typing(document.activeElement) || document.querySelector('[role="dialog"], [role="menu"]'))
      return;
    if (!singleKeys.on() || afterG() || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key !== "j" && event.key !== "k") return;
    event.preventDefault();
    move(1);
  });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => enter(event);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return { list, onKeyDown };
}

function isVerbKey(key: string): key is VerbKey {
  return (verbKeys as readonly string[]).includes(key);
}
