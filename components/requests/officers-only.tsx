"use client";

import { Lock } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { useCurrentTarget } from "@/components/shell/current-target.ts";
import { buttonStyle } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";

/** In place of a page that is the privacy officers'. */
export function OfficersOnly({ what }: { what: string }) {
  const { person } = useConsole();
  const target = useCurrentTarget();
  return (
    <div className="grid min-h-[50vh] place-items-center">
      <h1 className="sr-only">Privacy</h1>
      <EmptyState
        icon={<Lock />}
        title={`${what} is for privacy officers`}
        action={
          target !== null && (
            <ConsoleLink
              href={`/${encodeURIComponent(target)}/privacy`}
              className={buttonStyle({ variant: "secondary" })}
            >
              Go to Privacy
            </ConsoleLink>
          )
        }
      >
        You are signed in as {person.roleName.toLowerCase()}, who sees how many requests there are and how
        many are overdue.
      </EmptyState>
    </div>
  );
}
