"use client";

import { KeyRound, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import type { UserSummary } from "@/lib/accounts/get-users.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { Secret } from "./one-time-secret.tsx";

/** Reset the password, disable, enable. */
export function UserActions({ user, onSecret }: { user: UserSummary; onSecret: (secret: Secret) => void }) {
  const [asking, setAsking] = useState<"reset" | "disable" | null>(null);
  const reset = useAdminAction("resetPassword", { toastErrors: false });
  const disable = useAdminAction("disableUser", {
    toastErrors: false,
    done: `${user.email} is disabled`,
  });
  const enable = useAdminAction("enableUser", { done: `${user.email} now has access again` });

  async function resetPassword() {
    const made = await reset.run({ userId: user.id });
    if (!made) return false;
    onSecret({
      title: `A new password for ${made.email}`,
      lead: "Give them this one-time password over a channel you trust. Their sessions have ended; they choose their own at the next sign-in.",
      label: "One-time password",
      secret: made.oneTimePassword,
    });
    return true;
  }

  return (
    <div className="flex flex-wrap gap-2 border-t border-hairline pt-4">
      <Button icon={<KeyRound />} onClick={() => setAsking("reset")}>
        Reset password
      </Button>
      {user.disabledAt ? (
        <Button
          icon={<UserCheck />}
          pending={enable.pending}
          onClick={() => void enable.run({ userId: user.id })}
        >
          Enable the account
        </Button>
      ) : (
        <Button icon={<UserX />} onClick={() => setAsking("disable")}>
          Disable the account
        </Button>
      )}
      <ConfirmDialog
        open={asking === "reset"}
        onOpenChange={(open) => setAsking(open ? "reset" : null)}
        title={`Reset the password of ${user.email}`}
        verb="Reset password"
        pending={reset.pending}
        problem={reset.error?.message ?? null}
        onConfirm={resetPassword}
      >
        Their present password stops working at once, and {openSessions(user.openSessions)}. You get a
        one-time password to hand over; a lock-out is lifted.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "disable"}
        onOpenChange={(open) => setAsking(open ? "disable" : null)}
        title={`Disable ${user.email}`}
        verb="Disable the account"
        phrase={user.email}
        pending={disable.pending}
        problem={disable.error?.message ?? null}
        onConfirm={async (typed) => (await disable.run({ userId: user.id }, typed)) !== null}
      >
        They are shut out from their next request on: {openSessions(user.openSessions)}, and API tokens they
        made are refused while it lasts. Nothing is deleted, and you can enable them again.
      </ConfirmDialog>
    </div>
  );
}

function openSessions(count: number): string {
  if (count === 0) return "they have no open session";
  return count === 1 ? "their open session ends" : `their ${count} open sessions end`;
}
