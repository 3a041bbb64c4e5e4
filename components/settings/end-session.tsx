"use client";

import { Button } from "@/components/ui/button.tsx";
import type { SessionSummary } from "@/lib/accounts/get-sessions.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

/** Ends one session; one's present one is ended by signing out. */
export function EndSession({ session }: { session: SessionSummary }) {
  const end = useAdminAction("revokeSession", { done: `The session of ${session.email} ended` });
  return (
    <Button
      size="sm"
      variant="ghost"
      pending={end.pending}
      aria-label={`End the session of ${session.email}: ${session.device}`}
      onClick={() => void end.run({ sessionId: session.id })}
    >
      End
    </Button>
  );
}
