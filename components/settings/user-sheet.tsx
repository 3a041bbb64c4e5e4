"use client";

import { useConsole } from "@/components/shell/console-context.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { UserSummary } from "@/lib/accounts/get-users.ts";
import { roleNames } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { Secret } from "./one-time-secret.tsx";
import { roleOptions, roleRights } from "./role-options.ts";
import { UserActions } from "./user-actions.tsx";
import { UserState } from "./user-state.tsx";

interface SheetProps {
  user: UserSummary | null;
  onClose: () => void;
  onSecret: (secret: Secret) => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One account, and what an administrator may do with it. */
export function UserSheet({ user, onSecret, ...rest }: SheetProps) {
  return (
    <Sheet open={user !== null} title={user?.name ?? ""} description={user?.email} {...rest}>
      {user && <UserBody key={user.id} user={user} onSecret={onSecret} />}
    </Sheet>
  );
}

function UserBody({ user, onSecret }: { user: UserSummary; onSecret: (secret: Secret) => void }) {
  const { person } = useConsole();
  const setRole = useAdminAction("setUserRole", {
    done: ({ role }) => `${user.email} is now ${roleNames[role]}`,
  });
  const self = person.email === user.email;
  return (
    <div className="grid gap-6">
      <dl className="grid grid-cols-[8rem_1fr] items-center gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="State">
          <UserState user={user} />
        </Fact>
        <Fact name="Role">
          {self ? (
            roleNames[user.role]
          ) : (
            <Select
              label={`Role of ${user.email}`}
              size="sm"
              value={user.role}
              disabled={setRole.pending}
              onChange={(role) => void setRole.run({ userId: user.id, role })}
              options={roleOptions}
            />
          )}
        </Fact>
        <Fact name="">
          <span className="text-muted">{roleRights[user.role]}</span>
        </Fact>
        <Fact name="Signs in by">
          {user.methods.map((each) => (each === "oidc" ? "single sign-on" : each)).join(", ") ||
            "nothing yet"}
        </Fact>
        <Fact name="Last sign-in">
          <Time at={user.lastSignInAt} />
        </Fact>
        <Fact name="Open sessions">{user.openSessions}</Fact>
        <Fact name="Created">
          <Time at={user.createdAt} show="instant" />
        </Fact>
        {user.disabledAt && (
          <Fact name="Disabled">
            <Time at={user.disabledAt} show="instant" />
          </Fact>
        )}
      </dl>
      {self ? (
        <p className="text-sm text-muted">
          This is you. Nobody changes their own role or disables themselves; your password is under your name
          at the top right.
        </p>
      ) : (
        <UserActions user={user} onSecret={onSecret} />
      )}
    </div>
  );
}
