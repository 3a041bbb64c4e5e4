"use client";

import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Hold } from "@/lib/privacy/types.ts";
import { counted } from "@/lib/words.ts";
import { HoldState } from "./hold-columns.tsx";
import { scopeWords } from "./privacy-words.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

interface HoldSheetProps {
  hold: Hold | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One hold: what it covers and why, what it still waits for; releases it. */
export function HoldSheet({ hold, ...rest }: HoldSheetProps) {
  return (
    <Sheet
      open={hold !== null}
      title={hold ? `Hold #${hold.number}` : ""}
      description={hold?.name ?? ""}
      {...rest}
    >
      {hold && <Facts key={hold.id} hold={hold} />}
    </Sheet>
  );
}

function Facts({ hold }: { hold: Hold }) {
  const { number, reason, scope, person: ofPerson, awaits, placedBy, placedAt, inForceAt } = hold;
  const { person } = useConsole();
  const [releasing, setReleasing] = useState(false);
  const own = placedBy === person.email;
  return (
    <div className="grid gap-5">
      <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="State">
          <HoldState hold={hold} />
        </Fact>
        <Fact name="Covers">{scopeWords(scope, ofPerson)}</Fact>
        <Fact name="Why">{reason}</Fact>
        <Fact name="Placed by">
          {placedBy}, <Time at={placedAt} show="instant" />
        </Fact>
        {inForceAt && (
          <Fact name="In force">
            <Time at={inForceAt} show="instant" />
          </Fact>
        )}
        {hold.releasedAt && (
          <Fact name="Released by">
            {hold.releasedBy}, <Time at={hold.releasedAt} show="instant" />
            {hold.releaseReason && `: ${hold.releaseReason}`}
          </Fact>
        )}
      </dl>
      {awaits.length > 0 && (
        <section className="grid gap-1.5">
          <h3 className="text-sm font-medium">Waits for {counted(awaits.length, "destruction")}</h3>
          <p className="text-sm text-muted">
            They began before the hold was placed, and how they came out is not known yet. It is in force once
            each is settled; nothing new in its scope is destroyed meanwhile.
          </p>
          <ul className="grid gap-1 text-sm">
            {awaits.map(({ id, action, target, intendedAt }) => (
              <li key={id}>
                <span className="font-mono text-xs">{action}</span>
                {target && ` on ${target}`}, <Time at={intendedAt} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {hold.state !== "released" &&
        (own ? (
          <p className="text-sm text-muted">You placed it: somebody else must release it.</p>
        ) : (
          <div>
            <Button onClick={() => setReleasing(true)}>Release hold</Button>
          </div>
        ))}
      {releasing && (
        <ReasonDialog
          verb="releaseHold"
          title={`Release hold #${number}`}
          button="Release hold"
          phrase={undefined}
          dangerous
          done={`Hold #${number} is released: what it kept back goes on`}
          input={(given) => ({ hold: hold.id, version: hold.version, reason: given })}
          onClose={() => setReleasing(false)}
        >
          <p>
            What this hold alone keeps back is destroyed then: keys and values whose erasure waits for it go
            within minutes. That cannot be undone.
          </p>
        </ReasonDialog>
      )}
    </div>
  );
}
