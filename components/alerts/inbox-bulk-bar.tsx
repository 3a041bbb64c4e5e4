"use client";

import { Check, Moon, UserRound, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Kbd } from "@/components/ui/kbd.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { AssignMenu } from "./assign-menu.tsx";
import type { IncidentVerbs } from "./use-incident-verbs.tsx";

interface BulkBarProps {
  chosen: readonly IncidentLine[];
  ask: IncidentVerbs["ask"];
  onAssign: (person: { id: string; name: string } | null) => void;
  onClear: () => void;
}

/** What may be done to all that are selected; over the page's foot, so that nothing moves when it comes. */
export function InboxBulkBar({ chosen, ask, onAssign, onClear }: BulkBarProps) {
  if (chosen.length === 0) return null;
  const open = chosen.every(({ state }) => state !== "closed");
  return (
    <section
      aria-label="Actions for the selected incidents"
      className="fixed bottom-4 left-1/2 z-30 flex max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-appear flex-wrap items-center gap-2 rounded-lg border border-hairline-strong bg-raised py-2 pr-2 pl-4 shadow-raised max-sm:bottom-18 max-sm:w-[calc(100vw-2rem)]"
    >
      <p aria-live="polite" className="mr-2 text-sm font-medium whitespace-nowrap max-sm:-order-2 sm:grow">
        {chosen.length} selected
      </p>
      {open ? (
        <>
          <Button size="sm" variant="primary" icon={<Check />} onClick={() => ask("acknowledge", chosen)}>
            Acknowledge <Keys of="a" />
          </Button>
          <Button size="sm" icon={<Moon />} onClick={() => ask("snooze", chosen)}>
            Snooze <Keys of="s" />
          </Button>
          <AssignMenu
            trigger={
              <Button size="sm" icon={<UserRound />}>
                Assign
              </Button>
            }
            onAssign={onAssign}
          />
          <Button size="sm" icon={<X />} onClick={() => ask("close", chosen)}>
            Close <Keys of="e" />
          </Button>
        </>
      ) : (
        <p className="text-sm text-muted">What is closed cannot be changed.</p>
      )}
      <IconButton
        label="Clear the selection"
        size="sm"
        className="max-sm:-order-1 max-sm:ml-auto"
        onClick={onClear}
      >
        <X />
      </IconButton>
    </section>
  );
}

function Keys({ of }: { of: string }) {
  return (
    <span className="max-sm:hidden">
      <Kbd keys={of} />
    </span>
  );
}
