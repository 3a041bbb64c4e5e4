"use client";

import { BookOpen } from "lucide-react";
import type { ReactNode } from "react";
import { IncidentTellings } from "@/components/channels/incident-tellings.tsx";
import { checkHref } from "@/components/overview/finding-page.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import { incidentHref } from "./incident-words.ts";
import { RunbookActions } from "./runbook-actions.tsx";

/** What to do about it, with the verbs that do it. */
export function Runbook({ incident }: { incident: IncidentPage }) {
  return (
    <Box id="runbook" title="What to do">
      <p className="text-pretty break-words">{incident.runbook}</p>
      <RunbookActions incident={incident} />
      <p>
        <ConsoleLink
          href={checkHref({ check: incident.checkId }, incident.target)}
          className="inline-flex items-center gap-1.5 text-muted hover:text-accent"
        >
          <BookOpen aria-hidden className="size-3.5" />
          Limits and every object of this check
        </ConsoleLink>
      </p>
    </Box>
  );
}

/** Who was told, whether it got there, and whether the other side keeps it from people. */
export function Told({ incident: { id } }: { incident: IncidentPage }) {
  return (
    <Box id="told" title="Who was told">
      <IncidentTellings incident={id} />
    </Box>
  );
}

/** Those before it, newest first, and silences that would have kept it quiet. */
export function Before({ incident }: { incident: IncidentPage }) {
  const { earlier, expiredSilences, target } = incident;
  return (
    <>
      <Box id="earlier" title="Earlier ones of this kind">
        {earlier.length === 0 ? (
          <p className="text-muted">None: it is the first on this target.</p>
        ) : (
          <ul className="grid gap-1.5">
            {earlier.map((each) => (
              <li key={each.id} className="flex items-start gap-2">
                <StateIcon state={each.severity} className="mt-0.5" />
                <div className="min-w-0">
                  <ConsoleLink
                    href={incidentHref({ target, number: each.number })}
                    className="break-words hover:text-accent"
                  >
                    #{each.number} {each.title}
                  </ConsoleLink>
                  <p className="text-xs text-faint">
                    <Time at={each.openedAt} show="moment" />
                    {each.closedAt && (
                      <>
                        {" "}
                        to <Time at={each.closedAt} show="moment" />
                      </>
                    )}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Box>
      {expiredSilences.length > 0 && (
        <Box id="expired-silences" title="Silences that ended">
          <p className="text-muted">They would match it, but are over.</p>
          <ul className="grid gap-1.5">
            {expiredSilences.map(({ id, reason, endedAt, by }) => (
              <li key={id}>
                <ConsoleLink
                  href={`/${encodeURIComponent(target)}/alerts/silences?silence=${id}`}
                  className="break-words hover:text-accent"
                >
                  {reason}
                </ConsoleLink>
                <p className="text-xs text-faint">
                  {by}, ended <Time at={endedAt} show="moment" />
                </p>
              </li>
            ))}
          </ul>
        </Box>
      )}
    </>
  );
}

export function Box({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-16 gap-2.5 rounded-lg border border-hairline bg-panel px-4 pt-3 pb-4 text-sm"
    >
      <h2 id={`${id}-title`} className="text-base font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}
