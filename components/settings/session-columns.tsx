"use client";

import type { Column } from "@/components/ui/data-table.tsx";
import { Badge } from "@/components/ui/state-badge.tsx";
import type { SessionSummary } from "@/lib/accounts/get-sessions.ts";
import { deviceName } from "./device-name.ts";
import { EndSession } from "./end-session.tsx";

const device: Column<SessionSummary> = {
  id: "device",
  header: "Device",
  value: ({ userAgent }) => deviceName(userAgent),
  cell: ({ userAgent }) => <span title={userAgent ?? undefined}>{deviceName(userAgent)}</span>,
  grow: true,
};

const rest: Column<SessionSummary>[] = [
  {
    id: "method",
    header: "Signed in by",
    value: ({ method }) => (method === "oidc" ? "single sign-on" : "password"),
    priority: 3,
  },
  { id: "ip", header: "Address", value: ({ ip }) => ip, priority: 2 },
  { id: "lastSeen", header: "Last seen", value: ({ lastSeenAt }) => lastSeenAt },
  { id: "created", header: "Signed in", value: ({ createdAt }) => createdAt, priority: 2 },
  { id: "expires", header: "Ends", value: ({ expiresAt }) => expiresAt, priority: 3 },
  {
    id: "end",
    header: "Action",
    value: () => null,
    cell: (session) =>
      session.current ? <Badge tone="accent">this one</Badge> : <EndSession session={session} />,
    align: "right",
  },
];

export function sessionColumns(whose: "own" | "all"): Column<SessionSummary>[] {
  if (whose === "own") return [device, ...rest];
  return [
    { id: "person", header: "Person", value: ({ email }) => email, grow: true },
    { ...device, grow: false, priority: 2 },
    ...rest,
  ];
}
