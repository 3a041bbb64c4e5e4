"use client";

import { useEffect, useRef, useState } from "react";
import type { OpenCount } from "@/lib/alerts/types.ts";
import { openCountWords } from "./open-count-words.ts";

/** Who listens is told at most this often. */
const quietMs = 20_000;

/** Tells those who listen when more waits for somebody than before: never what falls, never each of many at once. */
export function AlertAnnouncer({ count }: { count: OpenCount }) {
  const [said, setSaid] = useState("");
  const last = useRef({ unattended: count.unattended, atMs: Number.NEGATIVE_INFINITY });
  const words = openCountWords(count);
  useEffect(() => {
    if (count.unattended <= last.current.unattended) {
      last.current.unattended = count.unattended;
      return;
    }
    const timer = setTimeout(
      () => {
        last.current = { unattended: count.unattended, atMs: performance.now() };
        setSaid(words);
      },
      Math.max(0, last.current.atMs + quietMs - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [count.unattended, words]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
