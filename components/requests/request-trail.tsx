"use client";

import { ChevronRight } from "lucide-react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestsPath } from "./request-words.ts";

/** Where the page stands: Privacy › Requests › #12. */
export function RequestTrail({ number }: { number?: number }) {
  const target = useTarget();
  const requests = requestsPath(target);
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <ol className="flex flex-wrap items-center gap-1.5 text-sm text-muted">
        <li>
          <ConsoleLink
            href={`/${encodeURIComponent(target)}/privacy`}
            className="hover:text-ink hover:underline"
          >
            Privacy
          </ConsoleLink>
        </li>
        <Next />
        {number === undefined ? (
          <li aria-current="page">Requests</li>
        ) : (
          <>
            <li>
              <ConsoleLink href={requests} className="hover:text-ink hover:underline">
                Requests
              </ConsoleLink>
            </li>
            <Next />
            <li aria-current="page">#{number}</li>
          </>
        )}
      </ol>
    </nav>
  );
}

function Next() {
  return <ChevronRight aria-hidden className="size-3.5 text-faint" />;
}
