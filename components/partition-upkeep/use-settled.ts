"use client";

import { useEffect, useState } from "react";

/** Milliseconds without a change after which a value counts as written. */
const settlesAfterMs = 300;

/** A value once nobody has changed it for a moment: what is asked for it asks the database. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settlesAfterMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
