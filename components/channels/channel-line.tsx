"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Badge, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { ChannelSummary } from "@/lib/channels/get-channels.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { asSentence } from "@/lib/words.ts";
import { destinationWords, kindTitles, waitingWords } from "./channel-words.ts";
import { TestAnswer } from "./test-answer.tsx";

interface LineProps {
  channel: ChannelSummary;
  mailServer: boolean;
  onEdit: () => void;
}

export function ChannelLine({ channel, mailServer, onEdit }: LineProps) {
  const { id, name, kind, enabled, details, deliveredAt, failing, disabledBecause } = channel;
  const enable = useAdminAction("enableChannel");
  const test = useAdminAction("testChannel");
  const [testing, setTesting] = useState<string | null>(null);
  const waiting = waitingWords(channel);
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="grid min-w-0 content-start gap-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{name}</span>
          <Badge>{kindTitles[kind]}</Badge>
          <ChannelState channel={channel} />
        </p>
        <p className="text-sm break-words text-muted">
          {destinationWords(channel, mailServer)}
          {details && ". Told with details"}
          {deliveredAt && (
            <>
              . Last taken <Time at={deliveredAt} />
            </>
          )}
          {waiting && `. ${waiting}`}
        </p>
        {(disabledBecause ?? failing) && (
          <p className="text-sm break-words text-critical">
            {asSentence(disabledBecause ?? failing?.error ?? "")}
            {failing?.nextAt && !disabledBecause && (
              <>
                {" "}
                Tried again <Time at={failing.nextAt} />.
              </>
            )}
          </p>
        )}
        {testing && <TestAnswer deliveryId={testing} channel={name} />}
      </div>
      <div className="flex flex-wrap items-start gap-2">
        <Switch
          label="On"
          checked={enabled}
          disabled={enable.pending}
          onChange={(on) => void enable.run({ channelId: id, enabled: on })}
        />
        <Button
          size="sm"
          pending={test.pending}
          onClick={async () => setTesting((await test.run({ channelId: id }))?.deliveryId ?? null)}
        >
          Send test
        </Button>
        <Button size="sm" onClick={onEdit}>
          Change
        </Button>
        <Remove channel={channel} />
      </div>
    </li>
  );
}

function ChannelState({ channel: { enabled, failing, disabledBecause } }: { channel: ChannelSummary }) {
  if (disabledBecause) return <StateBadge state="critical">disabled</StateBadge>;
  if (!enabled) return <Badge>off</Badge>;
  if (!failing) return null;
  return (
    <StateBadge state="warning">
      failing since <Time at={failing.since} show="moment" />
    </StateBadge>
  );
}

function Remove({ channel: { id, name } }: { channel: ChannelSummary }) {
  const [asking, setAsking] = useState(false);
  const remove = useAdminAction("removeChannel", { done: `${name} removed`, toastErrors: false });
  return (
    <>
      <IconButton label={`Remove ${name}`} size="sm" onClick={() => setAsking(true)}>
        <Trash2 />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove ${name}`}
        verb="Remove channel"
        phrase={name}
        pending={remove.pending}
        problem={errorWords(remove.error)}
        onConfirm={async (typed) => (await remove.run({ channelId: id }, typed)) !== null}
      >
        Its secret and the log of its deliveries go with it. What it was told of is not told there when it is
        over.
      </ConfirmDialog>
    </>
  );
}
