"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { DeliveryLine } from "@/lib/channels/get-deliveries.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { deliveriesInput } from "./deliveries-input.ts";

const states = {
  pending: ["notice", "waits"],
  delivered: ["ok", "taken"],
  dead: ["critical", "given up"],
  withdrawn: ["unknown", "withdrawn"],
} as const;

const columns: Column<DeliveryLine>[] = [
  { id: "number", header: "No", value: (line) => line.number, hidden: true },
  { id: "made", header: "Made", value: (line) => line.createdAt, from: "sm" },
  {
    id: "channel",
    header: "Channel",
    value: (line) => line.channel.name,
    // On a phone what was told matters more than the whole of a long name.
    cell: ({ channel }) => <span className="block max-w-24 truncate sm:max-w-none">{channel.name}</span>,
  },
  {
    id: "what",
    header: "What",
    value: (line) => line.headline,
    grow: true,
    cell: ({ incident, headline }) =>
      incident ? (
        <ConsoleLink
          href={`/${encodeURIComponent(incident.target)}/alerts/${incident.number}`}
          className="hover:text-accent"
        >
          <span className="text-accent">#{incident.number}</span> {headline}
        </ConsoleLink>
      ) : (
        headline
      ),
  },
  {
    id: "state",
    header: "State",
    value: (line) => states[line.state][1],
    cell: ({ state }) => <StateBadge state={states[state][0]}>{states[state][1]}</StateBadge>,
  },
  { id: "attempts", header: "Attempts", value: (line) => line.attempts, from: "lg" },
  {
    id: "answer",
    header: "Answer",
    value: (line) => line.answer ?? "",
    cell: ({ answer }) => <span className="block max-w-56 truncate xl:max-w-96">{answer ?? "–"}</span>,
    title: ({ answer }) => answer ?? undefined,
    from: "md",
  },
];
const newestFirst = { id: "number", desc: true };

/** The log of deliveries: what was sent, and what was answered. */
export function DeliveriesPanel() {
  const read = useRead("deliveries", deliveriesInput);
  return (
    <Panel
      id="deliveries"
      title="Deliveries"
      read={read}
      height={142}
      flush
      info={{
        what: "The last 100 messages with what the other side answered. What waits is tried again with growing pauses for three days, then given up. What was over before it was sent is withdrawn. Kept for 30 days.",
      }}
    >
      {(lines) => (
        <DataTable
          id="deliveries"
          label="Deliveries"
          rows={lines}
          columns={columns}
          rowKey={({ id }) => id}
          defaultSort={newestFirst}
          empty="Nothing was sent yet"
        />
      )}
    </Panel>
  );
}
