"use client";

import { BellOff } from "lucide-react";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** Who was told of an incident, whether it got there, and whether it is silenced on the other side. */
export function IncidentTellings({ incident }: { incident: string }) {
  const { data } = useRead("incidentTellings", { incident });
  if (!data) return null;
  if (data.length === 0) return <p className="text-sm text-muted">Nobody was told of it yet.</p>;
  return (
    <ul className="grid gap-2 text-sm">
      {data.map(({ channel, told, toldAt, waiting, silencedThere }) => (
        <li key={channel.id} className="grid gap-0.5 break-words">
          <span>
            <span className="font-medium">{channel.name}</span>{" "}
            <span className="text-muted">
              {told === "firing" ? "told that it fires" : "told that it is over"} <Time at={toldAt} />
            </span>
          </span>
          {waiting && (
            <span className="text-warning">
              {waiting.answer ? `Not there yet: ${waiting.answer}` : "On its way"}
            </span>
          )}
          {silencedThere && (
            <span className="flex items-start gap-1.5 text-muted">
              <BellOff aria-hidden className="mt-0.5 size-4 shrink-0" />
              {silencedThere.words}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
