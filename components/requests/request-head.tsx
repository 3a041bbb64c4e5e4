"use client";

import { Scale } from "lucide-react";
import { useState } from "react";
import { kindLaw } from "@/components/requests/law/kind-law.ts";
import { LawSheet } from "@/components/requests/law/law-sheet.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Badge, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Aged } from "@/lib/client/aged.ts";
import { formatDate } from "@/lib/client/format-time.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { DaysLeft } from "./days-left.tsx";
import { RequestTrail } from "./request-trail.tsx";
import { dayWords, regimeNames, standingWords, stateLook } from "./request-words.ts";

const channels: Record<RequestDetail["channel"], string> = {
  form: "this console's form",
  api: "the API",
  cli: "the command line",
  csv: "a CSV file",
  webhook: "a ticketing system",
};

/** The due day, and for what is answered or ended the day of that beside it. */
function dueWords({ state, dueOn, timeZone, respondedAt, standing }: RequestDetail): string {
  if (state === "duplicate" || state === "withdrawn") return "no answer is due";
  if (dueOn === null)
    return standing === null ? "no due day" : `no due day ${standingWords[standing].replace("paused ", "")}`;
  const due = `due ${dayWords(dueOn)}, ${timeZone}`;
  return respondedAt === null ? due : `answered ${formatDate(new Date(respondedAt), "utc")}, was ${due}`;
}

/** What is asked, by when it must be answered, and where it came from. */
export function RequestHead({ request, aged }: { request: RequestDetail; aged: Aged | null }) {
  const [law, setLaw] = useState(false);
  const { number, kind, state, regime, receivedAt, channel, reference, submittedBy, source } = request;
  const look = stateLook(state);
  return (
    <header>
      <RequestTrail number={number} />
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="grid min-w-0 grow gap-1.5">
          <h1 className="text-xl font-semibold tracking-tight">
            Request #{number}: {requestKinds[kind].title.toLowerCase()}
          </h1>
          <p className="flex flex-wrap items-center gap-2">
            <StateBadge state={look.state}>{look.words}</StateBadge>
            {aged && <StateBadge state="unknown">last known</StateBadge>}
            <Badge>{regimeNames[regime]}</Badge>
            {request.targets.length > 0 && <Badge>on {request.targets.join(", ")}</Badge>}
            {request.organizations.map((each) => (
              <Badge key={each}>{each}</Badge>
            ))}
            <Button
              size="sm"
              variant="ghost"
              icon={<Scale />}
              className="max-sm:-ml-2.5"
              onClick={() => setLaw(true)}
            >
              {kindLaw(kind, regime)} and what it allows
            </Button>
          </p>
          <p className="text-sm text-muted">
            Received <Time at={receivedAt} show="moment" /> through {channels[channel]}
            {source && ` (${source})`}, entered by {submittedBy}
            {reference && `, reference ${reference}`}.
          </p>
        </div>
        <div className="grid justify-items-start gap-0.5 sm:justify-items-end" data-deadline>
          <DaysLeft request={request} size="lg" />
          <p className="text-sm text-muted">{dueWords(request)}</p>
        </div>
      </div>
      <LawSheet open={law} onClose={() => setLaw(false)} request={request} />
    </header>
  );
}
