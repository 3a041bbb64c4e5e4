"use client";

import { Lock } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { buttonStyle } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";

/** In place of a page that is the administrators'. */
export function AdminOnly({ what }: { what: string }) {
  const { person } = useConsole();
  return (
    <div className="grid min-h-[50vh] place-items-center">
      <EmptyState
        icon={<Lock />}
        title={`${what} is for administrators`}
        action={
          <ConsoleLink href="/settings/targets" className={buttonStyle({ variant: "secondary" })}>
            Go to Targets
          </ConsoleLink>
        }
      >
        <p>You are signed in as {person.roleName}. An administrator can give you another role.</p>
      </EmptyState>
    </div>
  );
}
