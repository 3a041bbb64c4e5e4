"use client";

import { parseAsInteger } from "nuqs";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";

/** The pid whose sheet is open, from the URL. */
export function useSelectedSession() {
  return useOpenSheet("session", parseAsInteger);
}
