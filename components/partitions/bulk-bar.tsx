"use client";

import { X } from "lucide-react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { maintenanceVerbs } from "./partition-verbs.ts";

interface BulkBarProps {
  chosen: readonly { schema: string; name: string }[];
  onClear: () => void;
}

/** What may be planned for all chosen partitions; over the page's foot, so that nothing moves when it comes. */
export function BulkBar({ chosen, onClear }: BulkBarProps) {
  const [, plan] = useOpenPlan();
  if (chosen.length === 0) return null;
  return (
    <section
      aria-label="Plans for the selected partitions"
      className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-appear flex-wrap items-center gap-2 rounded-lg border border-hairline-strong bg-raised py-2 pr-2 pl-4 shadow-raised max-sm:bottom-18 max-sm:w-[calc(100vw-2rem)]"
    >
      <p aria-live="polite" className="mr-2 text-sm max-sm:-order-2 sm:grow font-medium whitespace-nowrap">
        {formatNumber(chosen.length)} selected
      </p>
      {maintenanceVerbs(chosen).map(({ label, request }) => (
        <Button key={label} size="sm" onClick={() => plan({ request })}>
          {label}
        </Button>
      ))}
      <IconButton
        label="Clear the selection"
        size="sm"
        className="max-sm:-order-1 max-sm:mr-auto"
        onClick={onClear}
      >
        <X />
      </IconButton>
    </section>
  );
}
