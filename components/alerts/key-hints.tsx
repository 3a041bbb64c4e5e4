"use client";

import { Kbd } from "@/components/ui/kbd.tsx";
import { useSingleKeys } from "@/lib/client/single-keys.ts";

const hints = [
  ["j k", "move"],
  ["x", "select"],
  ["Enter", "open"],
  ["a", "acknowledge"],
  ["s", "snooze"],
  ["c", "comment"],
  ["e", "close"],
  ["u", "back"],
  ["?", "all keys"],
] as const;

/** Which keys work while a row has the focus; as Help lists them. */
export function KeyHints({ may }: { may: boolean }) {
  const on = useSingleKeys();
  if (!on) return null;
  return (
    <p className="hidden flex-wrap gap-x-3.5 gap-y-1 border-t border-hairline px-4 py-2 text-xs text-faint md:flex">
      {hints
        .filter(([keys]) => may || !/^[xasce]$/.test(keys))
        .map(([keys, words]) => (
          <span key={keys} className="inline-flex items-center gap-1">
            <Kbd keys={keys} />
            <span className="sr-only">{keys}:</span> {words}
          </span>
        ))}
    </p>
  );
}
