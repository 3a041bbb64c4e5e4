"use client";

import { useState } from "react";
import type { VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { OneTimeSecret } from "@/components/settings/one-time-secret.tsx";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";

/** What opens the package, shown once to whoever sends it by another way. */
export function PassphraseDialog({ request: { number }, onClose }: VerbDialogProps) {
  const [passphrase, setPassphrase] = useState<string | null>(null);
  if (passphrase !== null)
    return (
      <OneTimeSecret
        secret={{
          title: `Passphrase of request #${number}`,
          lead: "Give it to the person by another way than the package, such as by phone or by post.",
          label: "Passphrase",
          secret: passphrase,
          kept: "It is shown this once and kept nowhere. If it is lost, the package must be made again.",
        }}
        onClose={onClose}
      />
    );
  return (
    <ActionDialog
      verb="showPackagePassphrase"
      title={`Show the passphrase of request #${number}`}
      button="Show it, once"
      done="The passphrase was shown"
      input={() => ({ request: number })}
      onDone={(data) => setPassphrase(data.passphrase)}
      onClose={() => undefined}
      onCancel={onClose}
    >
      <p>
        It is shown once and kept nowhere. Have the way ready by which the person gets it: another than the
        package's.
      </p>
    </ActionDialog>
  );
}
