"use client";

import { useEffect, useState } from "react";
import type { CheckUnit } from "@/lib/check.ts";
import type { ReadInput } from "@/lib/client/reads.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { CheckStateIcon } from "./check-state.tsx";
import { formatFigure, previewWords, stateWords } from "./check-words.ts";

type Input = ReadInput<"thresholdPreview">;

const nothingAsked: Input = { check: "none", target: "*", warning: null, critical: null, unit: null };

/** What the limits being typed would change of the figures that are stored. */
export function ThresholdEffect({ input, unit }: { input: Input | null; unit: CheckUnit | null }) {
  const asked = useSettled(input && limitsOnly(input));
  const { data, error, previous } = useRead("thresholdPreview", asked ?? nothingAsked, {
    enabled: asked !== null,
    polled: false,
  });
  const usable = asked !== null && !error ? data : undefined;
  return (
    <div aria-live="polite" className="min-h-17 rounded-md bg-inset px-3 py-2.5 text-sm">
      {error ? (
        <p className="text-critical">{error.message}</p>
      ) : usable ? (
        <div className={previous ? "opacity-55" : undefined}>
          <p className="font-medium">{previewWords(usable)}</p>
          <ul>
            {usable.examples.map(({ target, name, value, to }) => (
              <li key={`${target} ${name}`} className="flex items-center gap-1.5">
                <CheckStateIcon state={to} className="size-3.5" />
                <span className="sr-only">{stateWords[to]}:</span>
                <span className="min-w-0 grow truncate" title={name}>
                  {name} <span className="text-muted">on {target}</span>
                </span>
                <span className="tabular-nums">{formatFigure(value, unit)}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="text-muted">What these limits would change now is shown here.</p>
      )}
    </div>
  );
}

/** How patient a check is changes no state that is stored. */
function limitsOnly({ for: _for, keepFiringFor: _keepFiringFor, ...limits }: Input): Input {
  return limits;
}

/** The input once nobody has typed for a moment. */
function useSettled(input: Input | null): Input | null {
  const text = JSON.stringify(input);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled) as Input | null;
}
