"use client";

import { useParams } from "next/navigation";

/** The target named in the page's path, or null on pages that belong to none (settings). */
export function useTargetOrNull(): string | null {
  const { target } = useParams<{ target?: string }>();
  return typeof target === "string" ? target : null;
}

/** The target named in the page's path; throws on pages that belong to none: give the target there. */
export function useTarget(): string {
  const target = useTargetOrNull();
  if (target === null) throw new Error("This page names no target; pass one to the hook");
  return target;
}
