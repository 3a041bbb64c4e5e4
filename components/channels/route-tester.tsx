"use client";

import { useDeferredValue, useId, useMemo, useState } from "react";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { AlertSeverity } from "@/lib/alerting/alert.ts";
import type { RoutePreview } from "@/lib/channels/preview-route.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { paceWords } from "./channel-words.ts";

/** "This alert would go to …", as the routes stand now. */
export function RouteTester() {
  const id = useId();
  const target = useTarget();
  const [check, setCheck] = useState("connections.used");
  const [object, setObject] = useState("");
  const [severity, setSeverity] = useState<AlertSeverity>("critical");
  const [checkAsked, objectAsked] = [useDeferredValue(check.trim()), useDeferredValue(object.trim())];
  const asked = useMemo(
    () => ({ severity, labels: { target, check: checkAsked, ...(objectAsked && { object: objectAsked }) } }),
    [severity, target, checkAsked, objectAsked],
  );
  const read = useRead("routePreview", asked, { polled: false });
  const board = useRead("checks", { target: null }, { polled: false });
  return (
    <section id="route-tester" className="grid gap-2 rounded-lg border border-hairline bg-panel px-4 py-3">
      <h3 className="text-sm font-medium">Where would it go?</h3>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Select
          label="Severity of the alert"
          size="sm"
          value={severity}
          onChange={setSeverity}
          options={[
            ["critical", "critical"],
            ["warning", "warning"],
            ["notice", "notice"],
          ]}
        />
        of
        <span className="w-64">
          <Input
            aria-label="Check"
            className="h-7 font-mono text-sm"
            value={check}
            list={`${id}-checks`}
            spellCheck={false}
            onChange={(event) => setCheck(event.target.value)}
          />
        </span>
        about
        <span className="w-48">
          <Input
            aria-label="Object"
            className="h-7 font-mono text-sm"
            value={object}
            placeholder="any object"
            spellCheck={false}
            onChange={(event) => setObject(event.target.value)}
          />
        </span>
        on {target}
        <datalist id={`${id}-checks`}>
          {board.data?.checks.map((one) => (
            <option key={one.id} value={one.id} />
          ))}
        </datalist>
      </div>
      <div role="status" className="text-sm">
        {read.error ? (
          <p className="text-critical">{read.error.message}</p>
        ) : (
          read.data && <Goes preview={read.data} />
        )}
      </div>
    </section>
  );
}

function Goes({ preview: { tells, taken } }: { preview: RoutePreview }) {
  if (taken.length === 0) return <p className="text-warning">No route takes it: nobody would be told.</p>;
  if (tells.length === 0)
    return (
      <p className="text-warning">
        Nobody would be told: {taken.map(({ name }) => name).join(", ")} leads to no channel.
      </p>
    );
  return (
    <ul className="grid gap-0.5">
      {tells.map((told) => (
        <li key={told.channel.id}>
          It would go to <span className="font-medium">{told.channel.name}</span>
          {!told.channel.enabled && " (off, so it is not told)"} by {told.route.name}:{" "}
          <span className="text-muted">{paceWords(told)}.</span>
        </li>
      ))}
    </ul>
  );
}
