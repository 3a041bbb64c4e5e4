"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};
const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** <Kbd keys="g o" />, <Kbd keys="mod k" />: mod is ⌘ on Apple machines, Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  const apple = useSyncExternalStore(never, isApple, () => false);
  return (
    <span className="inline-flex gap-0.5" aria-hidden>
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-hairline-strong px-1 font-sans text-2xs text-muted"
        >
          {key === "mod" ? (apple ? "⌘" : "Ctrl") : key.length === 1 ? key.toUpperCase() : key}
        </kbd>
      ))}
    </span>
  );
}
