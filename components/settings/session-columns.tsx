"use client";

import type { Column } from "@/components/ui/data-table-props.ts";
import { Badge } from "@/components/ui/state-badge.tsx";
import type { SessionSummary } from "@/lib/accounts/get-sessions.ts";
import { EndSession } from "./end-session.tsx";

const deviceColumn: Column<SessionSummary> = {
  id: "device",
  header: "Device",
  value: ({ device }) => device,
  title: ({ userAgent }) => userAgent ?? undefined,
  grow: true,
};

const rest: Column<SessionSummary>[] = [
  {
    id: "method",
    header: "Signed in by",
    value: ({ method }) => (method === "oidc" ? "single sign-on" : "password"),
    from: "lg",
  },
  { id: "ip", header: "Address", value: ({ ip }) => ip, from: "sm" },
  { id: "lastSeen", header: "Last seen", value: ({ lastSeenAt }) => lastSeenAt },
  { id: "created", header: "Signed in", value: ({ createdAt }) => createdAt, from: "sm" },
  { id: "expires", header: "Ends", value: ({ expiresAt }) => expiresAt, from: "lg" },
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
  if (whose === "own") return [deviceColumn, ...rest];
  return [
    { id: "person", header: "Person", value: ({ email }) => email, grow: true },
    { ...deviceColumn, grow: false, from: "sm" },
    ...rest,
  ];
}
