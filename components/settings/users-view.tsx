"use client";

import { UserPlus } from "lucide-react";
import { parseAsString } from "nuqs";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { neighbours } from "@/components/ui/sheet.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import type { UserSummary } from "@/lib/accounts/get-users.ts";
import { roleNames } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { CreateUserDialog } from "./create-user-dialog.tsx";
import { OneTimeSecret, type Secret } from "./one-time-secret.tsx";
import { UserSheet } from "./user-sheet.tsx";
import { UserState, userState } from "./user-state.tsx";

const columns: Column<UserSummary>[] = [
  { id: "email", header: "E-mail", value: (user) => user.email, grow: true },
  { id: "name", header: "Name", value: (user) => user.name, from: "sm" },
  { id: "role", header: "Role", value: (user) => roleNames[user.role] },
  { id: "state", header: "State", value: userState, cell: (user) => <UserState user={user} />, from: "sm" },
  {
    id: "methods",
    header: "Signs in by",
    value: (user) =>
      user.methods.map((each) => (each === "oidc" ? "single sign-on" : each)).join(", ") || null,
    from: "lg",
  },
  { id: "lastSignIn", header: "Last sign-in", value: (user) => user.lastSignInAt, from: "sm" },
  { id: "sessions", header: "Open sessions", value: (user) => user.openSessions, unit: "count", from: "lg" },
  { id: "created", header: "Created", value: (user) => user.createdAt, from: "lg" },
];
const byEmail = { id: "email", desc: false };

/** Everybody with an account. */
export function UsersView() {
  const read = useRead("users", {});
  const [openId, setOpenId] = useOpenSheet("user", parseAsString);
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const users = read.data ?? [];
  const open = users.find(({ id }) => id === openId) ?? null;
  return (
    <>
      <Panel
        id="users"
        title="People"
        read={read}
        height={220}
        flush
        info={{
          what: "Accounts of this console. They are nobody's database roles: the console signs in to the databases with its own.",
        }}
        actions={
          <Button size="sm" variant="primary" icon={<UserPlus />} onClick={() => setCreating(true)}>
            Add a person
          </Button>
        }
      >
        {(data) => (
          <DataTable
            id="people"
            label="People"
            rows={data}
            columns={columns}
            rowKey={(user) => user.id}
            defaultSort={byEmail}
            onRowClick={(user) => setOpenId(user.id)}
            selectedKey={openId}
          />
        )}
      </Panel>
      <UserSheet
        user={open}
        onClose={() => setOpenId(null)}
        onSecret={setSecret}
        {...neighbours(
          users,
          ({ id }) => id === openId,
          ({ id }) => setOpenId(id),
        )}
      />
      <CreateUserDialog open={creating} onOpenChange={setCreating} onSecret={setSecret} />
      <OneTimeSecret secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}
