"use client";

import { Wrench } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Mend } from "@/lib/check.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { quoteQualified } from "@/lib/quote-sql.ts";
import { packRequest } from "./pack-request.ts";

/** A finding's way to the plan that mends it; whoever may only look is led to the same plan. */
export function MendLink({ mends, variant }: { mends: Mend; variant?: "primary" | "secondary" }) {
  const { person } = useConsole();
  const target = useTarget();
  const may = roleReaches(person.role, "operator");
  return (
    <Button asChild size="sm" variant={may ? (variant ?? "secondary") : "secondary"}>
      <ConsoleLink href={planHref(target, mends.request)}>
        <Wrench aria-hidden />
        {may ? mends.words : "See the plan"}
        {!may && <span className="sr-only">: {mends.words}</span>}
      </ConsoleLink>
    </Button>
  );
}

/** The Partitions page with this plan open, at the table it is about where the request names that. */
function planHref(target: string, request: Mend["request"]): string {
  const search = new URLSearchParams();
  const about = "table" in request ? request.table : "partition" in request ? request.partition : null;
  if (about) search.set("table", quoteQualified(about.schema ?? "public", about.name));
  search.set("plan", packRequest(request));
  return `/${encodeURIComponent(target)}/partitions?${search}`;
}
