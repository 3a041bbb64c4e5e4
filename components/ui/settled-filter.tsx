"use client";

import { type ComponentProps, useEffect, useEffectEvent, useState } from "react";
import { FilterInput } from "./input.tsx";

interface SettledFilterProps extends ComponentProps<typeof FilterInput> {
  settleMs?: number;
}

/** A filter that asks once the typing rests, so that nothing is asked for every letter. */
export function SettledFilter({ value, onChange, settleMs = 250, ...rest }: SettledFilterProps) {
  const [typed, setTyped] = useState(value);
  const send = useEffectEvent((text: string) => {
    if (text !== value) onChange(text);
  });
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    const timer = setTimeout(() => send(typed), settleMs);
    return () => clearTimeout(timer);
  }, [typed, settleMs]);
  return <FilterInput value={typed} onChange={setTyped} {...rest} />;
}
