"use client";

import { CircleSlash } from "lucide-react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Unavailable } from "@/lib/result.ts";

/** What stands in place of the list on a server that records no statements: why, and what a person may run. */
export function EnableStatements({ unavailable }: { unavailable: Unavailable }) {
  const target = useTarget();
  return (
    <section
      aria-labelledby="enable-statements"
      className="grid gap-x-10 gap-y-5 rounded-lg border border-hairline bg-panel px-5 py-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]"
    >
      <div>
        <h2 id="enable-statements" className="flex items-center gap-2 text-lg font-semibold">
          <CircleSlash aria-hidden className="size-4.5 text-unknown" />
          Statements are not recorded here
        </h2>
        <p className="mt-1.5 text-base text-muted">{unavailable.reason}</p>
        <p className="mt-4 text-sm font-medium">Once they are, this page shows</p>
        <ul className="mt-1 grid list-disc gap-0.5 pl-4.5 text-sm text-muted marker:text-faint">
          <li>which statements take the time, the IO, the temporary space and the WAL, over any range</li>
          <li>what changed against the window before</li>
          <li>each statement's history, who runs it, and its plan</li>
        </ul>
        <p className="mt-4 text-sm text-muted">
          The console changes nothing on this server by itself. Everything else it lacks stands under{" "}
          <ConsoleLink
            href={`/settings/targets?of=${encodeURIComponent(target)}`}
            className="font-medium text-accent hover:underline"
          >
            Settings, Targets
          </ConsoleLink>
          .
        </p>
      </div>
      {unavailable.enable && (
        <div className="min-w-0">
          <p className="mb-1.5 text-sm font-medium">To have it, run as a superuser</p>
          <SqlBlock sql={unavailable.enable} />
          <p className="mt-2 text-sm text-muted">The page notices by itself, within a minute.</p>
        </div>
      )}
    </section>
  );
}
