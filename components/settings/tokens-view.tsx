"use client";

import { Plus } from "lucide-react";
import { parseAsString } from "nuqs";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { neighbours } from "@/components/ui/sheet.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import type { TokenSummary } from "@/lib/accounts/get-tokens.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { CreateTokenDialog } from "./create-token-dialog.tsx";
import { OneTimeSecret, type Secret } from "./one-time-secret.tsx";
import { TokenSheet } from "./token-sheet.tsx";

const tokenStates = { active: "ok", suspended: "warning", expired: "unknown", revoked: "unknown" } as const;

const columns: Column<TokenSummary>[] = [
  { id: "name", header: "Name", value: (token) => token.name, grow: true },
  {
    id: "state",
    header: "State",
    value: (token) => token.state,
    cell: ({ state }) => <StateBadge state={tokenStates[state]}>{state}</StateBadge>,
  },
  { id: "scopes", header: "May", value: (token) => token.scopes.join(", "), from: "sm" },
  { id: "targets", header: "Targets", value: (token) => token.targets?.join(", ") ?? "all", from: "lg" },
  {
    id: "prefix",
    header: "Begins with",
    value: (token) => token.prefix,
    cell: ({ prefix }) => <span className="font-mono text-xs">{prefix}…</span>,
    from: "lg",
  },
  { id: "lastUsed", header: "Last used", value: (token) => token.lastUsedAt, from: "sm" },
  { id: "expires", header: "Expires", value: (token) => token.expiresAt, from: "sm" },
  { id: "createdBy", header: "Created by", value: (token) => token.createdBy ?? "command line", from: "lg" },
  { id: "created", header: "Made", value: (token) => token.createdAt, from: "lg", hidden: true },
];
const newestFirst = { id: "created", desc: true };

/** Keys for programs: what they may, until when, when they were used last. */
export function TokensView() {
  const read = useRead("apiTokens", {});
  const [openId, setOpenId] = useOpenSheet("token", parseAsString);
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const tokens = read.data ?? [];
  const open = tokens.find(({ id }) => id === openId) ?? null;
  return (
    <>
      <Panel
        id="api-tokens"
        title="API tokens"
        read={read}
        height={220}
        flush
        info={{
          what: "Bearer tokens for /api/v1 and the command line. A token never exceeds its creator's current rights; only its hash is stored.",
        }}
        actions={
          <Button size="sm" variant="primary" icon={<Plus />} onClick={() => setCreating(true)}>
            New token
          </Button>
        }
      >
        {(data) => (
          <DataTable
            id="tokens"
            label="Tokens"
            rows={data}
            columns={columns}
            rowKey={(token) => token.id}
            defaultSort={newestFirst}
            onRowClick={(token) => setOpenId(token.id)}
            selectedKey={openId}
            empty="No API token was made yet"
          />
        )}
      </Panel>
      <TokenSheet
        token={open}
        onClose={() => setOpenId(null)}
        {...neighbours(
          tokens,
          ({ id }) => id === openId,
          ({ id }) => setOpenId(id),
        )}
      />
      <CreateTokenDialog open={creating} onOpenChange={setCreating} onSecret={setSecret} />
      <OneTimeSecret secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}
