"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { pageHref, pages } from "./navigation.ts";

/** Keys pressed this long apart no longer belong together. */
const chordMs = 1_200;

/** `g` and a page's key, ⌘K, `/` to the page's filter, `?` for help. Silent while somebody types. */
export function useShortcuts(
  firstTarget: string | undefined,
  open: { palette: () => void; help: () => void },
) {
  const router = useRouter();
  const keep = useKeptHref();
  const target = useTargetOrNull() ?? firstTarget;

  const press = useEffectEvent((event: KeyboardEvent, afterG: boolean) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open.palette();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
    if (document.querySelector('[role="dialog"], [role="menu"]')) return;
    if (afterG) {
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
    let gAt = 0;
    const onKey = (event: KeyboardEvent) => {
      press(event, Date.now() - gAt < chordMs);
      gAt = event.key === "g" && !event.metaKey && !event.ctrlKey && !typing(event.target) ? Date.now() : 0;
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
