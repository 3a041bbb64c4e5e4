"use client";

import { KeyRound, Link as LinkIcon } from "lucide-react";
import { useState } from "react";
import { Box } from "@/components/requests/box.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber, formatValue } from "@/lib/client/format.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { RequestPackage } from "@/lib/requests/read-request-parts.ts";
import { LinkDialog } from "./link-dialog.tsx";
import { PassphraseDialog } from "./passphrase-dialog.tsx";
import { RemakeDialog } from "./remake-dialog.tsx";

const looks: Record<RequestPackage["state"], { state: State; words: string }> = {
  collecting: { state: "notice", words: "being collected" },
  sealing: { state: "notice", words: "being encrypted" },
  ready: { state: "ok", words: "ready" },
  downloaded: { state: "ok", words: "downloaded and deleted here" },
  expired: { state: "warning", words: "expired and deleted here" },
  failed: { state: "critical", words: "failed" },
};

/** What is handed out: what is in it, by which link, and whether it was fetched. */
export function PackagePanel({ request }: { request: RequestDetail }) {
  const [asked, setAsked] = useState<"link" | "passphrase" | "again" | null>(null);
  const made = request.package;
  if (!made)
    return (
      <Box id="package" title="Package">
        <p className="text-sm text-muted">It is made when the request is carried out.</p>
      </Box>
    );
  const stopped = request.state === "failed" && (made.state === "collecting" || made.state === "sealing");
  const look = stopped ? looks.failed : looks[made.state];
  return (
    <Box
      id="package"
      title="Package"
      unit={<StateBadge state={look.state}>{look.words}</StateBadge>}
      actions={
        <>
          {made.state === "ready" && (
            <>
              <Button size="sm" icon={<KeyRound />} onClick={() => setAsked("passphrase")}>
                Show the passphrase
              </Button>
              <Button size="sm" icon={<LinkIcon />} onClick={() => setAsked("link")}>
                {made.linkUntil === null ? "Make the download link" : "Make a new link"}
              </Button>
            </>
          )}
          {request.state === "responding" && (
            <Button size="sm" variant="ghost" onClick={() => setAsked("again")}>
              Make it again
            </Button>
          )}
        </>
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4 [&_dd]:mt-0.5 [&_dt]:text-faint">
        <div>
          <dt>Events</dt>
          <dd className="text-lg font-semibold tabular-nums">{formatNumber(made.events)}</dd>
        </div>
        <div>
          <dt>Size, encrypted</dt>
          <dd className="text-lg font-semibold">{formatValue(made.bytes, "bytes")}</dd>
        </div>
        <div>
          <dt>{made.readyAt === null ? "Begun" : "Ready"}</dt>
          <dd>
            <Time at={made.readyAt ?? made.beganAt} show="moment" />
          </dd>
        </div>
        <div>
          <dt>Download</dt>
          <dd>
            {made.downloadedAt !== null ? (
              <>
                fetched <Time at={made.downloadedAt} show="moment" />
              </>
            ) : made.linkUntil !== null ? (
              <>
                once, until <Time at={made.linkUntil} show="moment" />
              </>
            ) : (
              "no link yet"
            )}
          </dd>
        </div>
      </dl>
      {made.sha256 && (
        <p className="mt-3 flex items-center gap-1 text-xs text-faint">
          <code className="min-w-0 truncate font-mono" title={made.sha256}>
            SHA-256 {made.sha256}
          </code>
          <CopyButton text={made.sha256} label="Copy the package's SHA-256" />
        </p>
      )}
      {asked === "link" && <LinkDialog request={request} onClose={() => setAsked(null)} />}
      {asked === "passphrase" && <PassphraseDialog request={request} onClose={() => setAsked(null)} />}
      {asked === "again" && <RemakeDialog request={request} onClose={() => setAsked(null)} />}
    </Box>
  );
}
