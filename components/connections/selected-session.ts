"use client";

import { parseAsInteger, useQueryState } from "nuqs";

/** The pid whose sheet is open, from the URL. */
export function useSelectedSession() {
  return useQueryState("session", parseAsInteger);
}
