"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";

export interface Secret {
  title: string;
  /** What to do with it. */
  lead: ReactNode;
  label: string;
  secret: string;
  /** That it is shown once; what the console keeps of it is its hash unless said otherwise. */
  kept?: string;
  /** Below the secret: how to use it. */
  more?: ReactNode;
}

/** Shows a password or token the one time it can be seen; closes only by its button. */
export function OneTimeSecret({ secret, onClose }: { secret: Secret | null; onClose: () => void }) {
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={() => undefined}
      locked
      title={secret?.title ?? ""}
      footer={
        <Button variant="primary" onClick={onClose}>
          I've saved it
        </Button>
      }
    >
      {secret && (
        <div className="grid gap-4">
          <p className="text-base text-muted">{secret.lead}</p>
          <div className="grid gap-1.5">
            <p className="text-sm font-medium">{secret.label}</p>
            <div className="flex items-center gap-2 rounded-md border border-hairline bg-inset py-2 pr-2 pl-3">
              <code data-secret className="min-w-0 grow font-mono text-sm break-all select-all">
                {secret.secret}
              </code>
              <CopyButton text={secret.secret} words />
            </div>
          </div>
          <p className="flex gap-2 text-sm text-warning">
            <StateIcon state="warning" className="mt-px" />
            {secret.kept ?? "It is shown this once and kept nowhere: the console stores only its hash."}
          </p>
          {secret.more}
        </div>
      )}
    </Dialog>
  );
}
