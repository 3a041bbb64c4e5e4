"use client";

import { BellRing } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { SilenceLine } from "@/lib/silences/types.ts";
import { HushingList } from "./hushing-list.tsx";
import { MatcherChips } from "./matcher-chips.tsx";
import { SilenceEnd, SilenceState } from "./silence-columns.tsx";

interface SheetProps {
  silence: SilenceLine | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One silence: what it means, who wants it why and until when, what it silences now; ends it. */
export function SilenceSheet({ silence, ...rest }: SheetProps) {
  return (
    <Sheet open={silence !== null} title="Silence" description={silence?.reason ?? ""} {...rest}>
      {silence && <Facts key={silence.id} silence={silence} />}
    </Sheet>
  );
}

function Facts({ silence }: { silence: SilenceLine }) {
  const { id, target, matchers, state, startsAt, endsAt, incident, by, createdAt, endedBy, hushes, guarded } =
    silence;
  const own = useTarget();
  const { person } = useConsole();
  const end = useAdminAction("endSilence", { done: "Silence ended: what still fires is told" });
  return (
    <div className="grid gap-5">
      <MatcherChips target={target} matchers={matchers} />
      <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="State">
          <SilenceState silence={silence} />
        </Fact>
        <Fact name={state === "pending" ? "Begins" : "Began"}>
          <Time at={startsAt} show="instant" />
        </Fact>
        <Fact name={state === "expired" ? "Ended" : "Ends"}>
          <SilenceEnd silence={silence} />
          {endsAt && (
            <>
              , <Time at={endsAt} show="instant" />
            </>
          )}
          {endedBy && `, by ${endedBy}`}
        </Fact>
        <Fact name="Made by">
          {by}, <Time at={createdAt} />
          {guarded && ", approved by a second administrator"}
        </Fact>
        {incident && (
          <Fact name="Made for">
            <ConsoleLink
              href={`/${encodeURIComponent(target === "*" ? own : target)}/alerts/${incident.number}`}
              className="text-accent underline underline-offset-2"
            >
              #{incident.number}
            </ConsoleLink>
          </Fact>
        )}
      </dl>
      {state === "active" && (
        <section className="grid gap-1.5">
          <h3 className="text-sm font-medium">Silences now</h3>
          {hushes.alerts === 0 ? (
            <p className="text-sm text-muted">Nothing that it means fires.</p>
          ) : (
            <HushingList hushing={hushes} />
          )}
        </section>
      )}
      {state !== "expired" && roleReaches(person.role, "operator") && (
        <div>
          <Button icon={<BellRing />} pending={end.pending} onClick={() => void end.run({ target, id })}>
            End silence
          </Button>
        </div>
      )}
    </div>
  );
}
