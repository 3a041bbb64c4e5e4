"use client";

import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { useConsole } from "./console-context.tsx";

/** The target of the page, else the first: what links to target pages lead to. Null when none is configured. */
export function useCurrentTarget(): string | null {
  const named = useTargetOrNull();
  const { targets } = useConsole();
  const [first] = targets;
  return (targets.find(({ name }) => name === named) ?? first)?.name ?? null;
}

/** What the address names as a target though there is none of that name. */
export function useMissingTarget(): string | null {
  const named = useTargetOrNull();
  const { targets } = useConsole();
  return named === null || targets.some(({ name }) => name === named) ? null : named;
}
