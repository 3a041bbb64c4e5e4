"use client";

import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { useConsole } from "./console-context.tsx";

/** The target of the page, else the first: what links to target pages lead to. Null when none is configured. */
export function useCurrentTarget(): string | null {
  const named = useTargetOrNull();
  const { targets } = useConsole();
  return named ?? targets[0]?.name ?? null;
}
