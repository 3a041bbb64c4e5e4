"use client";

import { Plus, Send } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { OneTimeSecret, type Secret } from "@/components/settings/one-time-secret.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import type { ChannelSummary } from "@/lib/channels/get-channels.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { ChannelLine } from "./channel-line.tsx";

/** The channels, each with where it leads and how it goes; makes, changes and tries them. */
export function ChannelsPanel() {
  const read = useRead("channels", {});
  const [edited, setEdited] = useState<ChannelSummary | "new" | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  return (
    <Panel
      id="channels"
      title="Channels"
      read={read}
      height={72}
      flush
      info={{
        what: "Where people are told of alerts. A secret is written and never shown again. Messages go in order for each incident and are tried for three days; a channel that fails holds up no other.",
      }}
      actions={
        <Button size="sm" variant="primary" icon={<Plus />} onClick={() => setEdited("new")}>
          New channel
        </Button>
      }
    >
      {({ channels, mailServer }) => (
        <>
          {channels.length === 0 ? (
            <EmptyState icon={<Send />} title="Nobody is told of alerts yet" className="min-h-45">
              <p>A first channel is told everything of warning and critical, until routes say otherwise.</p>
            </EmptyState>
          ) : (
            <ul className="divide-y divide-hairline">
              {channels.map((channel) => (
                <ChannelLine
                  key={channel.id}
                  channel={channel}
                  mailServer={mailServer}
                  onEdit={() => setEdited(channel)}
                />
              ))}
            </ul>
          )}
          {edited && (
            <ChannelDialog
              channel={edited === "new" ? null : edited}
              mailServer={mailServer}
              onClose={() => setEdited(null)}
              onKey={(name, key) =>
                setSecret({
                  title: `Signing key of ${name}`,
                  lead: "The receiver verifies messages with it, by Standard Webhooks. A key it replaces signs as well for 24 hours.",
                  label: "Signing key",
                  secret: key,
                })
              }
            />
          )}
          <OneTimeSecret secret={secret} onClose={() => setSecret(null)} />
        </>
      )}
    </Panel>
  );
}
