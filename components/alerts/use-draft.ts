"use client";

import { useEffect, useState } from "react";

const prefix = "audit-db.draft.";

/** Text that somebody is writing, kept in this tab: reloading, or signing in anew, brings it back. */
export function useDraft(key: string): [text: string, set: (text: string) => void] {
  const [text, setText] = useState("");
  useEffect(() => {
    try {
      setText(window.sessionStorage.getItem(prefix + key) ?? "");
    } catch {
      // A browser that keeps nothing keeps it on the page alone.
    }
  }, [key]);
  function set(next: string) {
    setText(next);
    try {
      if (next) window.sessionStorage.setItem(prefix + key, next);
      else window.sessionStorage.removeItem(prefix + key);
    } catch {
      // As above.
    }
  }
  return [text, set];
}
