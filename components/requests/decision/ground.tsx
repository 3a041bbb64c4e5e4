"use client";

import type { RequestSummary } from "@/lib/requests/types.ts";
import { groundWords } from "./decision-draft.ts";
import { useGrounds } from "./use-grounds.ts";

interface GroundProps {
  request: Pick<RequestSummary, "kind" | "regime">;
  id: string;
}

/** Why something was refused, with the law that says so. */
export function Ground({ request, id }: GroundProps) {
  const { law } = useGrounds(request);
  return <span className="min-h-4.5 min-w-0 text-muted">{law ? groundWords(law, id) : ""}</span>;
}
