"use client";

import { useEffect } from "react";

const badge = /^\(\d+\) /;

/** "(3) Overview · demo · Audit DB" in the tab, whatever page sets its own title. */
export function TitleBadge({ count }: { count: number }) {
  useEffect(() => {
    const mark = () => {
      const plain = document.title.replace(badge, "");
      const wanted = count > 0 ? `(${count}) ${plain}` : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [count]);
  return null;
}
