"use client";

import { useEffect, useState } from "react";

/** Whether something has been waited for that long, in ms, since the page was drawn. */
export function useWaited(ms: number, waiting: boolean): boolean {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setWaited(true), ms);
    return () => clearTimeout(timer);
  }, [ms, waiting]);
  return waited;
}
