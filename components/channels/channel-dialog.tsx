"use client";

import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { SelectField, TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import type { ChannelSummary } from "@/lib/channels/get-channels.ts";
import type { ChannelKind } from "@/lib/channels/kinds.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import { type ChannelDraft, channelOf, draftOf } from "./channel-draft.ts";
import { ChannelFields, channelPaths } from "./channel-fields.tsx";
import { kindTitles } from "./channel-words.ts";

interface DialogProps {
  /** The channel that is changed; null for a new one. */
  channel: ChannelSummary | null;
  mailServer: boolean;
  onClose: () => void;
  /** A signing key that was made, shown once. */
  onKey: (name: string, key: string) => void;
}

/** A channel while it is written. What is secret of it is written anew or left as it is. */
export function ChannelDialog({ channel, mailServer, onClose, onKey }: DialogProps) {
  const [draft, setDraft] = useState<ChannelDraft>(() => draftOf(channel, mailServer));
  const set = useAdminAction("setChannel", { done: ({ name }) => `${name} is set`, toastErrors: false });
  const { form, problemAt, rest } = useFieldProblems(set.error, channelPaths);
  const change = (to: Partial<ChannelDraft>) => {
    set.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  async function submit() {
    const made = await set.run(channelOf(draft, channel?.id));
    if (!made) return;
    onClose();
    if (made.key) onKey(made.name, made.key);
  }
  return (
    <FormDialog
      title={channel ? `Change ${channel.name}` : "New channel"}
      description="People are told of alerts by it, as routes say."
      verb={channel ? "Save channel" : "Make channel"}
      complete={draft.name.trim() !== ""}
      pending={set.pending}
      problem={rest}
      form={form}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {!channel && (
          <SelectField
            label="Kind"
            value={draft.kind}
            onChange={(kind) => change({ kind, secret: "", url: "" })}
            options={Object.entries(kindTitles) as [ChannelKind, string][]}
          />
        )}
        <TextField
          label="Name"
          {...problemAt("name")}
          value={draft.name}
          maxLength={80}
          onChange={(name) => change({ name })}
        />
      </div>
      <ChannelFields
        draft={draft}
        kept={channel?.secretSince ?? null}
        mailServer={mailServer}
        problemAt={problemAt}
        onChange={change}
      />
      <div className="grid gap-1">
        <Checkbox label="Tell details" checked={draft.details} onChange={(details) => change({ details })} />
        <p className="text-sm text-muted">
          With details messages may hold names of sessions and roles, texts of statements and who
          acknowledged. Without, they hold the check, the database's own objects, figures, times and the link.
        </p>
      </div>
    </FormDialog>
  );
}
