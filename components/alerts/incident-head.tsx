"use client";

import { ArrowLeft, BellOff, CircleHelp } from "lucide-react";
import type { ReactNode } from "react";
import { readableTimes } from "@/components/overview/readable-times.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { IncidentStanding } from "./incident-standing.tsx";
import { objectsWords, whoHasIt } from "./incident-words.ts";

/** What it is, since when, and who has it: before anything else. */
export function IncidentHead({ incident, backHref }: { incident: IncidentPage; backHref: string }) {
  const zone = useTimeZone();
  const { target, number, checkTitle, title, detail, hushed, unconfirmedSince, alerts, state } = incident;
  const reason = alerts.find(({ unconfirmed }) => unconfirmed)?.unconfirmed?.reason;
  return (
    <header className="grid gap-2">
      <p>
        <ConsoleLink
          href={backHref}
          className="inline-flex items-center gap-1.5 text-sm text-muted hover:text-ink"
          title="Back to the inbox (u)"
        >
          <ArrowLeft aria-hidden className="size-3.5" />
          Alerts
        </ConsoleLink>
      </p>
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-muted">
        <IncidentStanding incident={incident} />
        <span className="tabular-nums">#{number}</span>
        <span>{target}</span>
        <span>{checkTitle}</span>
      </p>
      <h1 className="text-xl font-semibold tracking-tight text-balance break-words sm:text-2xl">
        {readableTimes(title, zone)}
      </h1>
      <p className="text-base">
        <Since incident={incident} />
      </p>
      <p className="max-w-200 text-base text-pretty break-words text-muted">{readableTimes(detail, zone)}</p>
      {unconfirmedSince && state !== "closed" && (
        <Note icon={<CircleHelp aria-hidden />}>
          <strong className="font-medium">
            Not confirmed since <Time at={unconfirmedSince} show="moment" />.
          </strong>{" "}
          The last looks could not tell whether it still is so; it counts as firing.{reason && ` ${reason}`}
        </Note>
      )}
      {hushed && state !== "closed" && (
        <Note icon={<BellOff aria-hidden />}>
          <strong className="font-medium">Nobody is told.</strong> {hushed.words}
          {hushed.by === "flapping" && hushed.until && (
            <>
              {" "}
              Until <Time at={hushed.until} show="moment" />.
            </>
          )}
        </Note>
      )}
    </header>
  );
}

function Note({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="flex max-w-200 items-start gap-2.5 rounded-md border border-hairline-strong bg-inset px-3 py-2 text-sm [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted">
      {icon}
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}

/** "Has fired since 09:12 (12 min ago) on 3 objects. Acknowledged by Ada." */
function Since({ incident }: { incident: IncidentPage }) {
  const zone = useTimeZone();
  const now = useNow(60_000) ?? incident.firedAt.getTime();
  const { condition, firedAt, normalSince, closed, firing, acknowledged, state } = incident;
  return (
    <>
      {closed ? (
        <>
          Fired from <Time at={firedAt} show="moment" />
          {normalSince && (
            <>
              {" "}
              to <Time at={normalSince} show="moment" />
            </>
          )}
          .{" "}
          <strong className="font-medium">
            {whoHasIt(incident, now, zone)} at <Time at={closed.at} show="moment" />
          </strong>
          {closed.reason && `: ${closed.reason}`}.
        </>
      ) : condition === "normal" ? (
        <>
          Normal since <Time at={normalSince} show="moment" /> (<Time at={normalSince} />
          ); it closes itself after 30 minutes of that.{" "}
          <strong className="font-medium">{whoHasIt(incident, now, zone)}.</strong>
        </>
      ) : (
        <>
          Firing since <Time at={firedAt} show="moment" /> (<Time at={firedAt} />) on {objectsWords(firing)}.{" "}
          <strong className="font-medium">{whoHasIt(incident, now, zone)}</strong>
          {state === "acknowledged" && acknowledged && (
            <>
              {" "}
              since <Time at={acknowledged.at} show="moment" />
              {acknowledged.until && (
                <>
                  , until <Time at={acknowledged.until} show="moment" /> at the latest
                </>
              )}
            </>
          )}
          .
        </>
      )}
    </>
  );
}
