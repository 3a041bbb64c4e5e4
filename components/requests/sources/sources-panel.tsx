"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { ofConsole } from "@/components/requests/requests-input.ts";
import { OneTimeSecret, type Secret } from "@/components/settings/one-time-secret.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { IntakeSource } from "@/lib/requests/webhook/get-intake-sources.ts";
import { counted } from "@/lib/words.ts";
import { SourceDialog } from "./source-dialog.tsx";

/** Ticketing systems that may hand requests in by a signed message. */
export function SourcesPanel() {
  const read = useRead("intakeSources", {}, ofConsole);
  const [edited, setEdited] = useState<IntakeSource | "new" | null>(null);
  const [removing, setRemoving] = useState<IntakeSource | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Panel
      id="sources"
      title="Sources of requests"
      unit="signed webhooks"
      read={read}
      height={52}
      info={{
        what: "A ticketing system sends POST /api/v1/privacy/intake/{source}, signed as Standard Webhooks say. What is missing in its message comes from the source's defaults.",
      }}
      actions={
        <Button size="sm" icon={<Plus />} onClick={() => setEdited("new")}>
          Add a source
        </Button>
      }
    >
      {(sources) => (
        <>
          {sources.length === 0 ? (
            <p className="pb-4 text-sm text-muted">
              No source yet. Add one to let a ticketing system hand requests in; people can always take them
              in by the form or a file.
            </p>
          ) : (
            <ul className="pb-2">
              {sources.map((source) => (
                <li
                  key={source.name}
                  className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-hairline py-2.5 text-sm first:border-t-0"
                >
                  <span className="min-w-40 flex-1">
                    <span className="block font-medium">{source.name}</span>
                    <span className="block text-xs text-faint">
                      {counted(source.requests, "request")}
                      {source.lastAt && (
                        <>
                          , the last <Time at={source.lastAt} />
                        </>
                      )}
                      ; added by {source.createdBy}
                    </span>
                  </span>
                  <StateBadge state={source.enabled ? "ok" : "unknown"}>
                    {source.enabled ? "taken in" : "switched off"}
                  </StateBadge>
                  <span className="flex gap-1">
                    <Button size="sm" onClick={() => setEdited(source)}>
                      Change
                    </Button>
                    <Button size="sm" variant="ghost" onClick={() => setRemoving(source)}>
                      Remove
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {edited && (
            <SourceDialog
              source={edited === "new" ? null : edited}
              taken={sources.map(({ name }) => name)}
              onClose={() => setEdited(null)}
              onKey={(name, key) =>
                setSecret({
                  title: `Signing key of ${name}`,
                  lead: "Give it to the ticketing system: it signs each message with it.",
                  label: "Signing key",
                  secret: key,
                  kept: "It is shown this once. The console keeps it encrypted and never shows it again.",
                })
              }
            />
          )}
          {removing && <Remove source={removing} onClose={() => setRemoving(null)} />}
          <OneTimeSecret secret={secret} onClose={() => setSecret(null)} />
        </>
      )}
    </Panel>
  );
}

function Remove({ source: { name }, onClose }: { source: IntakeSource; onClose: () => void }) {
  const remove = useAdminAction("removeIntakeSource", { toastErrors: false, done: `${name} is removed` });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove source ${name}`}
      verb="Remove source"
      pending={remove.pending}
      problem={remove.error?.message ?? null}
      onConfirm={async () => (await remove.run({ name })) !== null}
    >
      Its key is destroyed and its messages are refused from now on. What it handed in stays.
    </ConfirmDialog>
  );
}
