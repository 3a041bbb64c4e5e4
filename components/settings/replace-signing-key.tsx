"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks before a new signing key takes the active one's place. */
export function ReplaceSigningKey({ open, onOpenChange }: DialogProps) {
  const replace = useAdminAction("rotateSigningKey", {
    toastErrors: false,
    done: ({ kid }) => `${kid} signs from now on`,
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Replace the signing key"
      verb="Replace the signing key"
      phrase="rotate the signing key"
      pending={replace.pending}
      problem={replace.error?.message ?? null}
      onConfirm={async (typed) => (await replace.run({}, typed)) !== null}
    >
      A new key signs from now on, and the old one's private half is destroyed. What it signed stays
      verifiable: its public key is kept for good. Whoever verifies with a copy of the keys must fetch
      /api/v1/keys again.
    </ConfirmDialog>
  );
}
