"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { singleKeys } from "@/lib/client/single-keys.ts";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { pageHref, pages } from "./navigation.ts";

/** Keys pressed this long apart no longer belong together. */
const chordMs = 1_200;
let gAt = 0;

/** Whether `g` was just pressed: the next key names a page, whatever else it means where the focus is. */
export const afterG = () => Date.now() - gAt < chordMs;

/**
 * `g` and a page's key, ⌘K, `/` to the page's filter, `?` for help. Silent while somebody types; whoever turned single
 * keys off has ⌘K alone.
 */
export function useShortcuts(
  targets: readonly { name: string }[],
  open: { palette: () => void; help: () => void },
) {
  const router = useRouter();
  const keep = useKeptHref();
  const named = useTargetOrNull();
  const target = (targets.find(({ name }) => name === named) ?? targets[0])?.name;

  const press = useEffectEvent((event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open.palette();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || !singleKeys.on()) return;
    if (document.querySelector('[role="dialog"], [role="menu"]')) return;
    if (afterG()) {
      const page = pages.find((each) => each.key === event.key.toLowerCase());
      if (page && (target || !page.path.includes("{target}"))) {
        event.preventDefault();
        router.push(keep(pageHref(page, target ?? "")));
      }
      return;
    }
    if (event.key === "?") open.help();
    if (event.key === "/") {
      const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
      if (filter) {
        event.preventDefault();
        filter.focus();
        filter.select();
      }
    }
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      press(event);
      gAt = event.key === "g" && !event.metaKey && !event.ctrlKey && !typing(event.target) ? Date.now() : 0;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** Whether keys are text where the focus is. */
export function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio)$/.test(target.type);
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
