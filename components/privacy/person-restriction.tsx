"use client";

import { EyeOff } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { SubjectView } from "@/lib/privacy/types.ts";
import { exceptionGrounds, groundWords, restrictionGrounds } from "./privacy-words.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

interface RestrictionProps {
  person: string;
  restriction: SubjectView["restriction"];
  onChanged: () => void;
}

const dayMs = 86_400_000;

/** Whether a person's events are shown at all (Art. 18 GDPR), and the verbs that change it. */
export function PersonRestriction({ person, restriction, onChanged }: RestrictionProps) {
  const [asked, setAsked] = useState<"restrict" | "lift" | "allow" | null>(null);
  const ask = { person, onDone: onChanged, onClose: () => setAsked(null) };
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3 text-sm">
      <EyeOff aria-hidden className="size-4 text-faint" />
      {restriction ? (
        <>
          <p className="min-w-60 flex-1">
            Restricted <Time at={restriction.placedAt} /> by {restriction.placedBy}:{" "}
            {groundWords(restriction.ground)}. Their events leave every list, export and search; nothing is
            destroyed.
            {restriction.exceptions.map(({ id, ground, expiresAt }) => (
              <span key={id} className="block text-muted">
                Shown until <Time at={expiresAt} show="moment" />: {groundWords(ground)}
              </span>
            ))}
          </p>
          <Button size="sm" onClick={() => setAsked("allow")}>
            Show on a ground
          </Button>
          <Button size="sm" onClick={() => setAsked("lift")}>
            Lift
          </Button>
        </>
      ) : (
        <>
          <p className="min-w-60 flex-1 text-muted">
            Not restricted: their events are shown to whoever may read the log.
          </p>
          <Button size="sm" onClick={() => setAsked("restrict")}>
            Restrict
          </Button>
        </>
      )}
      {asked === "restrict" && <Restrict {...ask} />}
      {asked === "allow" && <Allow {...ask} />}
      {asked === "lift" && (
        <ReasonDialog
          verb="liftRestriction"
          title="Lift the restriction"
          button="Lift restriction"
          phrase={undefined}
          dangerous={false}
          done="The restriction is lifted"
          input={(reason) => ({ person, reason })}
          onDone={onChanged}
          onClose={ask.onClose}
        >
          <p>
            Their events are shown again, and an erasure that it kept back goes on. The person is to be told
            before (Art. 18(3) GDPR): say in the reason when they were.
          </p>
        </ReasonDialog>
      )}
    </div>
  );
}

interface AskProps {
  person: string;
  onDone: () => void;
  onClose: () => void;
}

function Restrict({ person, ...rest }: AskProps) {
  const id = useId();
  const [ground, setGround] = useState<(typeof restrictionGrounds)[number][0]>("accuracy_contested");
  return (
    <ReasonDialog
      verb="restrictSubject"
      title="Restrict this person's data"
      button="Restrict"
      phrase={undefined}
      dangerous={false}
      done="Restricted: their events leave every reading door"
      input={(reason) => ({ person, ground, reason })}
      fields={
        <Field label="Ground (Art. 18(1))" htmlFor={id}>
          <Select id={id} label="Ground" value={ground} onChange={setGround} options={restrictionGrounds} />
        </Field>
      }
      {...rest}
    >
      <p>
        Their events leave lists, exports, search and reveal, those to come as well. Counts stay, appends go
        on, and nothing of theirs is erased until it is lifted.
      </p>
    </ReasonDialog>
  );
}

function Allow({ person, ...rest }: AskProps) {
  const id = useId();
  const [ground, setGround] = useState<(typeof exceptionGrounds)[number][0]>("legal_claims");
  const [days, setDays] = useState("1");
  const count = Math.min(90, Math.max(1, Math.round(Number(days) || 1)));
  return (
    <ReasonDialog
      verb="allowRestricted"
      title="Show restricted events on a ground"
      button="Show them"
      phrase={undefined}
      dangerous={false}
      done="Their events are shown until then"
      input={(reason) => ({
        ...{ person, ground, reason },
        until: new Date(Date.now() + count * dayMs - 60_000).toISOString(),
      })}
      fields={
        <div className="grid gap-3 sm:grid-cols-[1fr_6rem]">
          <Field label="Ground (Art. 18(2))" htmlFor={id}>
            <Select id={id} label="Ground" value={ground} onChange={setGround} options={exceptionGrounds} />
          </Field>
          <Field label="Days" htmlFor={`${id}-days`}>
            <Input
              id={`${id}-days`}
              type="number"
              min={1}
              max={90}
              value={days}
              onChange={(event) => setDays(event.target.value)}
            />
          </Field>
        </div>
      }
      {...rest}
    >
      <p>
        Whoever may read the log sees their events until then. The restriction stands and still holds erasure.
      </p>
    </ReasonDialog>
  );
}
