"use client";

import { type ReactNode, useId, useState } from "react";
import { Option } from "@/components/ui/option.tsx";
import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { LockTimeoutField } from "./lock-timeout-field.tsx";
import type { Asked, AskedPlan } from "./plan-url.ts";

interface PlanChoicesProps {
  asked: Asked;
  /** The plan made for it; undefined while it is made. */
  plan: Plan | undefined;
  onAsk: (asked: Asked) => void;
}

/** Ways of doing what is asked, where there are several. Each choice makes the plan anew; nothing else happens. */
export function PlanChoices({ asked, plan, onAsk }: PlanChoicesProps) {
  const { request, lockTimeoutMs } = asked;
  const change = (next: AskedPlan) => onAsk({ request: next, lockTimeoutMs });
  if (request.verb === "repair")
    return (
      <RepairChoices request={request} plan={plan} onChange={change}>
        {plan?.steps.length === 0 && request.how !== "rows move" && (
          // With more patience there may be steps.
          <div className="border-t border-hairline pt-2.5">
            <LockTimeoutField
              milliseconds={plan.lockTimeoutMs}
              hint="Rows stay only where the default is read within this time: its readers and writers wait meanwhile."
              onCommit={(milliseconds) => onAsk({ request, lockTimeoutMs: milliseconds })}
            />
          </div>
        )}
      </RepairChoices>
    );
  if (request.verb === "detach") return <DetachChoice request={request} plan={plan} onChange={change} />;
  return null;
}

type Asking<V extends PlanRequest["verb"]> = Extract<AskedPlan, { verb: V }>;

const ways = [
  [
    undefined,
    "Automatic",
    "Rows stay where all belong into one partition and the default is read quickly; else they move.",
  ],
  [
    "rows stay",
    "Rows stay",
    "The default becomes the partition of its rows, an empty default takes its place. No row is written.",
  ],
  [
    "rows move",
    "Rows move",
    "Rows leave the default and arrive in their partition with one commit, interval by interval.",
  ],
] as const;

interface RepairChoicesProps {
  request: Asking<"repair">;
  plan: Plan | undefined;
  onChange: (request: Asking<"repair">) => void;
  children: ReactNode;
}

function RepairChoices({ request, plan, onChange, children }: RepairChoicesProps) {
  const name = useId();
  const { how, ...rest } = request;
  const made = plan?.request.verb === "repair" ? plan.request.how : undefined;
  return (
    <fieldset className="grid gap-2.5 rounded-md border border-hairline px-3 py-2.5">
      <legend className="px-1 text-sm font-medium">How</legend>
      {ways.map(([way, label, words]) => (
        <Option
          key={label}
          type="radio"
          name={name}
          checked={how === way}
          onChange={() => onChange({ ...rest, ...(way && { how: way }) })}
          label={label}
        >
          {words}
          {way === undefined && how === undefined && made && ` Here: ${made}.`}
        </Option>
      ))}
      {how !== "rows stay" && (
        <div className="border-t border-hairline pt-2.5">
          <Option
            type="checkbox"
            checked={request.rowsNeverChange === true}
            onChange={(checked) => {
              const { rowsNeverChange: _, ...unconfirmed } = request;
              onChange(checked ? { ...unconfirmed, rowsNeverChange: true } : unconfirmed);
            }}
            label="Nothing updates or deletes these rows"
          >
            You confirm it: rows that move may then be copied beforehand, so that the last lock is short. A
            row that differs from its copy stops the move, and nothing has happened.
          </Option>
        </div>
      )}
      {children}
    </fieldset>
  );
}

interface DetachChoiceProps {
  request: Asking<"detach">;
  plan: Plan | undefined;
  onChange: (request: Asking<"detach">) => void;
}

/** Offered where PostgreSQL cannot detach in any other way, and shown as long as it is chosen. */
function DetachChoice({ request, plan, onChange }: DetachChoiceProps) {
  const chosen = request.how === "under lock";
  const [offered, setOffered] = useState(false);
  if (plan?.refusals.some(({ outcome }) => outcome === "blocked") && !offered) setOffered(true);
  if (!chosen && !offered) return null;
  const { how: _, ...rest } = request;
  return (
    <fieldset className="grid rounded-md border border-hairline px-3 py-2.5">
      <legend className="px-1 text-sm font-medium">How</legend>
      <Option
        type="checkbox"
        checked={chosen}
        onChange={(checked) => onChange(checked ? { ...rest, how: "under lock" } : rest)}
        label="Detach under lock"
      >
        Readers and writers of the whole table wait for each attempt, at most as long as is approved. Beside a
        default partition PostgreSQL has no other way.
      </Option>
    </fieldset>
  );
}
