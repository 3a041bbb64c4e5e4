"use client";

import { useEffect, useEffectEvent } from "react";
import { afterG, typing } from "@/components/shell/shortcuts.ts";
import { singleKeys } from "@/lib/client/single-keys.ts";
import type { Verb } from "./verb-words.ts";

const verbs: Readonly<Record<string, Verb>> = { a: "acknowledge", s: "snooze", c: "comment", e: "close" };

/** The keys of an incident's page: a, s, c, e act, u leads back. Silent while somebody types, or turned single keys off. */
export function useIncidentKeys(keys: { act: (verb: Verb) => void; back: () => void }) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.repeat || typing(event.target)) return;
    if (!singleKeys.on() || afterG() || document.querySelector('[role="dialog"], [role="menu"]')) return;
    const verb = verbs[event.key];
    if (verb) keys.act(verb);
    else if (event.key === "u") keys.back();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
