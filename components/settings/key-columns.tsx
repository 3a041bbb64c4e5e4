"use client";

import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import type { PublicSigningKey } from "@/lib/key-store/list-public-keys.ts";
import type { MasterKeyState } from "@/lib/key-store/rotate-master-key.ts";

const masterKeyStates = { active: "ok", retiring: "warning", destroyed: "unknown" } as const;

export const signingKeyColumns: Column<PublicSigningKey>[] = [
  {
    id: "kid",
    header: "Key id",
    value: ({ kid }) => kid,
    cell: ({ kid }) => <span className="font-mono text-xs">{kid}</span>,
    help: "RFC 7638 thumbprint, the kid of /api/v1/keys",
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: ({ retiredAt }) => (retiredAt ? "retired" : "active"),
    cell: ({ retiredAt }) => (
      <StateBadge state={retiredAt ? "unknown" : "ok"}>{retiredAt ? "retired" : "active"}</StateBadge>
    ),
  },
  { id: "from", header: "Signs since", value: ({ activeFrom }) => activeFrom, from: "sm" },
  { id: "until", header: "Retired", value: ({ retiredAt }) => retiredAt, from: "sm" },
];

export const masterKeyColumns: Column<MasterKeyState>[] = [
  {
    id: "id",
    header: "Master key",
    value: ({ id }) => id,
    cell: ({ id }) => <span className="font-mono text-xs">{id}</span>,
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={masterKeyStates[state]}>{state}</StateBadge>,
  },
  { id: "subjects", header: "People's keys", value: ({ subjects }) => subjects, unit: "count", from: "sm" },
  {
    id: "secrets",
    header: "Secrets",
    value: ({ index, secrets }) => index + secrets,
    unit: "count",
    help: "Signing keys, webhook secrets, passwords of targets, the blind index's own key",
    from: "sm",
  },
  { id: "from", header: "Made", value: ({ createdAt }) => createdAt, from: "lg" },
  {
    id: "destroyed",
    header: "Destroyed",
    value: ({ destroyedAt, destroyAfter }) => destroyedAt ?? destroyAfter,
    help: "In the future: when it will be, once it wraps nothing any more",
    from: "lg",
  },
];
