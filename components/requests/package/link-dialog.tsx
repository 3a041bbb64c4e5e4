"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import type { VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { Button, buttonStyle } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { AdminOutput } from "@/lib/admin.ts";

/** Makes the link of the one download, and hands it out. */
export function LinkDialog({ request: { number }, onClose }: VerbDialogProps) {
  const [made, setMade] = useState<AdminOutput<"createPackageLink"> | null>(null);
  if (made) return <Made number={number} made={made} onClose={onClose} />;
  return (
    <ActionDialog
      verb="createPackageLink"
      title={`Make the download link of request #${number}`}
      button="Make the link"
      done="The link is made"
      input={() => ({ request: number })}
      onDone={setMade}
      // It goes on with what was made.
      onClose={() => undefined}
      onCancel={onClose}
    >
      <ul className="grid list-disc gap-1 pl-4">
        <li>The package is an archive encrypted with AES-256. Its passphrase is shown apart, once.</li>
        <li>The link works for one whole download by a privacy officer who is signed in, for 24 hours.</li>
        <li>Then the package is deleted here. Send it and its passphrase by two different ways.</li>
        <li>A new link ends the one before it.</li>
      </ul>
    </ActionDialog>
  );
}

interface MadeProps {
  number: number;
  made: AdminOutput<"createPackageLink">;
  onClose: () => void;
}

function Made({ number, made: { link, until, sha256 }, onClose }: MadeProps) {
  const address = new URL(link, window.location.origin).href;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Package of request #${number}`}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <a href={link} download className={buttonStyle({ variant: "primary" })}>
            <Download aria-hidden />
            Download now
          </a>
        </>
      }
    >
      <div className="grid gap-4 text-base">
        <p className="text-muted">
          One download, until <Time at={until} show="instant" />. The link is shown this once.
        </p>
        <div className="flex items-center gap-2 rounded-md border border-hairline bg-inset py-2 pr-2 pl-3">
          <code data-link className="min-w-0 grow font-mono text-sm break-all select-all">
            {address}
          </code>
          <CopyButton text={address} words />
        </div>
        <p className="text-xs break-all text-faint">
          SHA-256 <code className="font-mono">{sha256}</code>
        </p>
      </div>
    </Dialog>
  );
}
