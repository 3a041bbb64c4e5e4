"use client";

import { DatabaseZap } from "lucide-react";
import { usePathname } from "next/navigation";
import { buttonStyle } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { useConsole } from "./console-context.tsx";
import { ConsoleLink } from "./console-link.tsx";
import { useMissingTarget } from "./current-target.ts";
import { pageHref, pageOfPath, pages } from "./navigation.ts";
import { NotFoundPage } from "./not-found-page.tsx";

/** Within the console: a target that is not there leads to the same page of those that are. */
export function ConsoleNotFound() {
  const missing = useMissingTarget();
  const { targets } = useConsole();
  const page = pageOfPath(usePathname()) ?? pages[0];
  if (missing === null || !page || targets.length === 0) return <NotFoundPage />;
  return (
    <div className="grid min-h-[60vh] place-items-center">
      <EmptyState
        icon={<DatabaseZap />}
        title={`There is no target named “${missing.slice(0, 60)}”`}
        action={targets.map(({ name }, index) => (
          <ConsoleLink
            key={name}
            href={pageHref(page, name)}
            className={buttonStyle({ variant: index === 0 ? "primary" : "secondary" })}
          >
            {page.label} of {name}
          </ConsoleLink>
        ))}
      >
        <p>It may have been renamed or never configured. Targets are set by AUDIT_DATABASES.</p>
      </EmptyState>
    </div>
  );
}
